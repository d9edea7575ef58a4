using System.CommandLine;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Commands;

/// <summary>`train`: a new run, then its evaluation and report.</summary>
internal static class TrainCommand
{
    private const int MostCollisions = 100;

    public static Command Create(CommandSet set)
    {
        var file = new PathArgument("experiment")
        {
            Description = "an experiment file (JSON); options override it. With neither a file nor --preset, the preset that fits the data is used; for patches that is 'quick', unless --epochs is given",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var preset = new Option<string?>("--preset") { Description = $"an experiment that comes with the program, instead of a file; see '{set.Name} methods'", HelpName = string.Join('|', Presets.All.Select(known => known.Name)) };
        var output = new PathOption("--output", "-o") { Description = "the run's folder, new or empty; by default the next free runs/METHOD-N", HelpName = "RUN" };
        var options = new ExperimentOptions(set.Name);
        var command = new Command("train", "Learn a dictionary, or a generator of whole images, together with an inference network.") { file, preset, output };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var experiment = Describe(parsed.GetValue(file), parsed.GetValue(preset), options, parsed);
            // Looked up first, so that no folder is made for a run that this program cannot evaluate.
            set.Kinds.Find(experiment.Generator.Kind);
            experiment = TrainingRun.Resolve(experiment);
            using var folder = parsed.GetValue(output) is { } path ? RunFolder.Create(path, experiment) : CreateNextFree(experiment);
            try
            {
                return Task.FromResult(TrainAndReport.Run(set, folder, parsed.InvocationConfiguration.Output, cancellationToken));
            }
            catch (InvalidInputException) when (folder.NewestCheckpoint is null)
            {
                folder.Abandon();
                throw;
            }
        });
        return command;
    }

    private static Experiment Describe(string? file, string? preset, ExperimentOptions options, ParseResult parsed)
    {
        try
        {
            return Describe(file, preset, options.Layer(parsed));
        }
        catch (InvalidInputException problem) when (file is null)
        {
            throw options.WithOptions(problem);
        }
    }

    /// <summary>Returns the experiment of a file or preset and a command line; with neither of them and no length, the quick one.</summary>
    /// <param name="file">The file, or null.</param>
    /// <param name="preset">The preset's name, or null.</param>
    /// <param name="options">What the command line says.</param>
    internal static Experiment Describe(string? file, string? preset, JsonObject options)
    {
        if (file is not null && preset is not null) throw new InvalidInputException($"{file} and --preset {preset} both describe the experiment: give one of them.");
        var layers = new List<JsonObject>();
        if (file is not null) layers.Add(ExperimentJson.ReadObject(file));
        else if (preset is not null) layers.Add(Presets.Parse(preset).Layer());
        else if (OfImages(options) is { } images) layers.Add(images);
        else if (options["schedule"]?["epochs"] is null) layers.Add(Presets.Quick.Layer());
        layers.Add(options);
        if (file is null && options["data"] is JsonObject data && data["source"] is not null && data["trainSamples"] is null) layers.Add(FitToData(layers, options));
        return ExperimentJson.Resolve(file ?? "command line", [.. layers]);
    }

    /// <summary>Returns the preset of whole images if a command line asks for them, else null.</summary>
    private static JsonObject? OfImages(JsonObject options)
    {
        if (options["data"] is not JsonObject data) return null;
        if (Is(data["source"], DataOptions.FashionMnist)) return Presets.FashionMnist.Layer();
        if (Is(data["source"], DataOptions.CelebA)) return Presets.CelebA.Layer();
        if (data["imageSize"] is null) return null;
        var layer = Presets.CelebA.Layer();
        layer["description"] = "A convolutional generator of a folder's images, with the settings for CelebA";
        return layer;
    }

    private static bool Is(JsonNode? node, string text) => node is JsonValue value && value.TryGetValue(out string? found) && found == text;

    /// <summary>Returns the counts for data that the user names without counts: as many samples as the defaults, or as there are.</summary>
    private static JsonObject FitToData(List<JsonObject> layers, JsonObject options)
    {
        var wanted = ExperimentJson.Resolve("command line", [.. layers]);
        var fitted = DataSets.Fit(wanted.Data, validationIsGiven: options["data"]!["validationSamples"] is not null);
        var layer = new JsonObject();
        ExperimentJson.Set(layer, "data.trainSamples", fitted.TrainSamples);
        ExperimentJson.Set(layer, "data.validationSamples", fitted.ValidationSamples);
        ExperimentJson.Set(layer, "schedule.batchSize", Math.Min(wanted.Schedule.BatchSize, fitted.TrainSamples));
        return layer;
    }

    /// <summary>Starts a run in the next free folder. Several processes may look for one at the same time.</summary>
    private static RunFolder CreateNextFree(Experiment experiment)
    {
        int collisions = 0;
        for (int number = 1; ; number++)
        {
            string path = Path.Combine("runs", $"{experiment.Method}-{number}");
            if (Path.Exists(path)) continue;
            try
            {
                return RunFolder.Create(path, experiment);
            }
            catch (InvalidInputException) when (Path.Exists(path) && ++collisions < MostCollisions)
            {
                // Another process has taken this folder meanwhile.
            }
        }
    }
}
