using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Commands.Parsing;

/// <summary>The options of `train` that set a value of the experiment: one table of option, key and meaning.</summary>
/// <param name="program">The program's name as the user types it.</param>
internal sealed class ExperimentOptions(string program)
{
    /// <summary>The option that leaves out damaged images.</summary>
    public const string SkipBadImagesName = "--skip-bad-images";

    /// <summary>The option that uses samples as they are.</summary>
    public const string RawName = "--raw";

    private readonly record struct Row(Option<string?> Option, string Key, bool IsText);

    private readonly record struct Flag(Option<bool> Option, string Key, JsonValue Value);

    private readonly Row[] rows =
    [
        Text("--method", "method", "METHOD", $"the method; see '{program} methods'"),
        Text("--fidelity", "fidelity", "PRESET", "'equations' (the default: the paper's equations, corrected) or 'published' (what the authors' code computes)"),
        Location("--images", "data.source", "PATH", "images to learn from: a folder or file (PNG, JPEG, WebP), or a MATLAB file by Olshausen & Field"),
        Location("--data", "data.source", "PATH", "'natural-images' (the default, embedded), 'fashion-mnist', 'celeba', or rows of numbers: a file (.npy, .npz, .safetensors, .parquet, .arrow), a folder of such files, or a path with * or ? in quotes; see docs/data.md"),
        Text("--tensor", "data.tensor", "NAME", "which tensor, array, column or layer of such files holds the rows; by default the only one"),
        Text("--normalisation", "data.normalisation", "HOW", "'column' (each value standardised; the default but for stores), 'global' (centred, one scale for all values; the default for stores) or 'none'"),
        Text("--hold-out", "data.holdOut", "WHAT", "what of a store is kept for validation: 'rows' (the default: drawn at random) or 'shards' (the last files)"),
        Location("--data-root", "data.root", "FOLDER", $"the folder with the files of fashion-mnist or celeba; see '{program} data'"),
        Number("--patch-size", "data.patchSize", "PIXELS", "rows and columns of an image patch"),
        Number("--image-size", "data.imageSize", "PIXELS", "resize every image of a folder to one sample of this size (28 or 64), for a convolutional generator"),
        Number("--train-patches", "data.trainSamples", "COUNT", "number of training patches, images, or rows of a matrix; by default all rows and images, or 20,000 patches", "--train-images"),
        Number("--validation-patches", "data.validationSamples", "COUNT", "number of validation patches, images, or rows of a matrix", "--validation-images"),
        Text("--generator", "generator.kind", "KIND", "'linear' (the default: a dictionary) or 'convolutional' (the default for fashion-mnist, celeba and --image-size)"),
        Text("--batch-norm", "generator.batchNorm", "DRAWS", "which draws a convolutional generator normalises over: 'selected' (fast) or 'all' (as published)"),
        Number("--atoms", "generator.atoms", "COUNT", "number of dictionary atoms or latent features, d"),
        Number("--active", "sparsity.active", "COUNT", "active features of a sample, for the autoencoders (topk, batch-topk, matryoshka, jumprelu, relu, gated); by default 5% of the lesser of atoms and values per sample"),
        new(DrawsOption.Create<string?>("draws per sample"), "sampling.draws", false),
        Text("--selection", "sampling.selection", "HOW", "how the draws are combined: max, average or iwae"),
        Number("--epochs", "schedule.epochs", "COUNT", "passes over the training samples"),
        Number("--batch-size", "schedule.batchSize", "COUNT", "samples per step"),
        Number("--seed", "seed", "SEED", "seed of all random numbers"),
        Number("--threads", "compute.threads", "COUNT", "number of threads; 0 uses one per core"),
        Text("--precision", "compute.precision", "PRECISION", "of the inference network's matrix products and of convolutions during training: fp32 or bf16"),
        Text("--device", "compute.device", "DEVICE", "cpu, or cuda (untested)"),
    ];

    private readonly Flag[] flags =
    [
        new(new(RawName) { Description = "use the samples as they are; the same as --normalisation none" }, "data.normalisation", JsonValue.Create(ExperimentJson.Name(Normalisation.None))),
        new(SkipBadImages(), "data.skipBadImages", JsonValue.Create(true)),
    ];

    private readonly Option<string[]> set = new("--set")
    {
        Description = "set any other key of the experiment, for example objective.lambda=10; may be repeated",
        HelpName = "KEY=VALUE",
    };

    /// <summary>Creates the option that leaves out damaged images.</summary>
    public static Option<bool> SkipBadImages() => new(SkipBadImagesName) { Description = "skip damaged image files instead of refusing the data" };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        foreach (var row in rows) command.Options.Add(row.Option);
        foreach (var flag in flags) command.Options.Add(flag.Option);
        command.Options.Add(set);
    }

    /// <summary>Returns what the command line says of the experiment.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <exception cref="InvalidInputException">A value cannot be understood, or two options contradict each other.</exception>
    public JsonObject Layer(ParseResult parsed)
    {
        var layer = new JsonObject();
        foreach (var row in rows)
        {
            if (parsed.GetValue(row.Option) is not { } text) continue;
            if (row.Key == "data.source")
            {
                if (layer["data"]?["source"] is not null) throw SourceGivenTwice();
                text = Source(text);
            }
            else if (row.Key == "data.root") text = Path.GetFullPath(text);
            ExperimentJson.Set(layer, row.Key, row.IsText ? JsonValue.Create(text) : Parse(text));
        }
        foreach (var flag in flags.Where(flag => parsed.GetValue(flag.Option))) ExperimentJson.Set(layer, flag.Key, flag.Value.DeepClone());
        foreach (string assignment in parsed.GetValue(set) ?? [])
        {
            if (assignment.Split('=', 2) is not [{ Length: > 0 } key, var value]) throw new InvalidInputException($"--set {assignment}: must have the form KEY=VALUE.");
            ExperimentJson.Set(layer, key, key switch { "data.source" => Source(value), "data.root" when value.Length > 0 => Path.GetFullPath(value), _ => Parse(value) });
        }
        return layer;
    }

    /// <summary>Returns the settings that the command line gives, by their paths and, for options, with their names, such as "--draws (sampling.draws)".</summary>
    /// <param name="parsed">The parsed command line.</param>
    public IEnumerable<(string Path, string Name)> Settings(ParseResult parsed) =>
    [
        .. rows.Where(row => parsed.GetValue(row.Option) is not null).Select(row => (row.Key, $"{row.Option.Name} ({row.Key})")),
        .. flags.Where(flag => parsed.GetValue(flag.Option)).Select(flag => (flag.Key, $"{flag.Option.Name} ({flag.Key})")),
        .. (parsed.GetValue(set) ?? []).Select(assignment => assignment.Split('=')[0]).Select(key => (key, key)),
    ];

    /// <summary>Returns an error about keys of the experiment with the options that set them.</summary>
    /// <param name="problem">The error.</param>
    public InvalidInputException WithOptions(InvalidInputException problem)
    {
        string message = problem.Message;
        foreach (var row in rows.Where(row => row.Key != "data.source")) message = message.Replace($" {row.Key}: ", $" {row.Option.Name} ({row.Key}): ", StringComparison.Ordinal);
        return new(message, problem) { Remedy = problem.Remedy, Subject = problem.Subject };
    }

    /// <summary>Returns the source that --images or --data names, or the embedded photographs if neither is given.</summary>
    /// <param name="images">The value of --images, or null.</param>
    /// <param name="data">The value of --data, or null.</param>
    /// <exception cref="InvalidInputException">Both are given.</exception>
    public static string Source(string? images, string? data) =>
        images is not null && data is not null ? throw SourceGivenTwice() : Source(images ?? data ?? DataOptions.NaturalImages);

    private static InvalidInputException SourceGivenTwice() => new("--images and --data both name the data: give only one of them.");

    // A run can be resumed from another working folder.
    private static string Source(string text) => text.Length == 0 || DataSources.IsName(text) ? text : Path.GetFullPath(text);

    /// <summary>Returns a number or truth value if the text is one, else the text; the experiment's own check says what is wrong.</summary>
    private static JsonValue Parse(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? JsonValue.Create(whole)
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong large) ? JsonValue.Create(large)
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? JsonValue.Create(number)
        : bool.TryParse(text, out bool truth) ? JsonValue.Create(truth)
        : JsonValue.Create(text);

    private static Row Text(string name, string key, string value, string description) =>
        new(new(name) { Description = description, HelpName = value }, key, true);

    private static Row Location(string name, string key, string value, string description) =>
        new(new PathOption(name) { Description = description, HelpName = value }, key, true);

    private static Row Number(string name, string key, string value, string description, params string[] aliases) =>
        new(new(name, aliases) { Description = description, HelpName = value }, key, false);
}
