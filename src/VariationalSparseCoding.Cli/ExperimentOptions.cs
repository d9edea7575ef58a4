using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Cli;

/// <summary>The options of `train` that set a value of the experiment: one table of option, key and meaning.</summary>
internal sealed class ExperimentOptions
{
    private readonly record struct Row(Option<string> Option, string Key, bool IsText);

    private readonly Row[] rows =
    [
        Text("--method", "method", "METHOD", "the method; see 'vsc methods'"),
        Text("--fidelity", "fidelity", "PRESET", "'equations' (the paper's, corrected: the default) or 'published' (what the authors' code computes)"),
        Text("--images", "data.source", "PATH", "images to learn from: a folder or file (PNG, JPEG, WebP), or a MATLAB file of Olshausen & Field"),
        Text("--data", "data.source", "PATH", "'natural-images' (embedded: the default), 'fashion-mnist', 'celeba', or a matrix whose rows are samples (.npy)"),
        Text("--data-root", "data.root", "FOLDER", "where the files of fashion-mnist or celeba are; see 'vsc data'"),
        Number("--patch-size", "data.patchSize", "PIXELS", "rows and columns of an image patch"),
        Number("--image-size", "data.imageSize", "PIXELS", "make each image of a folder one sample of this size (28 or 64), for a convolutional generator"),
        Number("--train-patches", "data.trainSamples", "COUNT", "training patches, images, or rows of a matrix", "--train-images"),
        Number("--validation-patches", "data.validationSamples", "COUNT", "validation patches, images, or rows of a matrix", "--validation-images"),
        Text("--generator", "generator.kind", "KIND", "'linear' (a dictionary: the default), or 'convolutional' (the default for fashion-mnist, celeba and --image-size)"),
        Text("--batch-norm", "generator.batchNorm", "SAMPLES", "what a convolutional generator normalises over: 'selected' samples (fast) or 'all' (as published)"),
        Number("--atoms", "generator.atoms", "COUNT", "number of dictionary atoms or latent features, d"),
        Number("--samples", "sampling.draws", "J", "samples drawn per input"),
        Text("--selection", "sampling.selection", "HOW", "how the samples are combined: max, average or iwae"),
        Number("--epochs", "schedule.epochs", "COUNT", "passes over the training samples"),
        Number("--batch-size", "schedule.batchSize", "COUNT", "samples per step"),
        Number("--seed", "seed", "SEED", "seed of every random number"),
        Number("--threads", "compute.threads", "COUNT", "threads; 0 takes one per core"),
        Text("--precision", "compute.precision", "PRECISION", "of the inference network's products and of convolutions in training: fp32 or bf16"),
        Text("--device", "compute.device", "DEVICE", "cpu or cuda (cuda is untested)"),
    ];

    private readonly record struct Flag(Option<bool> Option, string Key, bool Value);

    private readonly Flag[] flags =
    [
        new(new("--raw") { Description = "use the samples as they are, without standardising each value" }, "data.standardise", false),
        new(new("--skip-bad-images") { Description = "leave out image files that are damaged, instead of refusing the data" }, "data.skipBadImages", true),
    ];

    private readonly Option<string[]> set = new("--set")
    {
        Description = "set any other key of the experiment, such as objective.lambda=10; may be repeated",
        HelpName = "KEY=VALUE",
    };

    public void AddTo(Command command)
    {
        foreach (var row in rows) command.Options.Add(row.Option);
        foreach (var flag in flags) command.Options.Add(flag.Option);
        command.Options.Add(set);
    }

    /// <summary>What the command line says of the experiment.</summary>
    /// <exception cref="InvalidInputException">A value cannot be understood, or two options contradict each other.</exception>
    public JsonObject Layer(ParseResult parsed)
    {
        var layer = new JsonObject();
        foreach (var row in rows)
        {
            if (parsed.GetValue(row.Option) is not { } text) continue;
            if (row.Key == "data.source")
            {
                if (layer["data"]?["source"] is not null) throw new InvalidInputException("--images and --data name the same thing: give one of them.");
                text = Source(text);
            }
            else if (row.Key == "data.root") text = Path.GetFullPath(text);
            ExperimentJson.Set(layer, row.Key, row.IsText ? JsonValue.Create(text) : Parse(text));
        }
        foreach (var flag in flags.Where(flag => parsed.GetValue(flag.Option))) ExperimentJson.Set(layer, flag.Key, flag.Value);
        foreach (string assignment in parsed.GetValue(set) ?? [])
        {
            if (assignment.Split('=', 2) is not [{ Length: > 0 } key, var value]) throw new InvalidInputException($"--set {assignment}: must have the form KEY=VALUE.");
            ExperimentJson.Set(layer, key, Parse(value));
        }
        return layer;
    }

    // A run can be resumed from another working folder.
    internal static string Source(string text) => Data.DataSources.IsName(text) ? text : Path.GetFullPath(text);

    /// <summary>A number or truth value where the text is one, else the text; the experiment's own check says what is wrong.</summary>
    private static JsonValue Parse(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? JsonValue.Create(whole)
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong large) ? JsonValue.Create(large)
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? JsonValue.Create(number)
        : bool.TryParse(text, out bool truth) ? JsonValue.Create(truth)
        : JsonValue.Create(text);

    private static Row Text(string name, string key, string value, string description) => new(Make(name, value, description), key, true);

    private static Row Number(string name, string key, string value, string description, params string[] aliases) => new(Make(name, value, description, aliases), key, false);

    private static Option<string> Make(string name, string value, string description, params string[] aliases) => new(name, aliases) { Description = description, HelpName = value };
}
