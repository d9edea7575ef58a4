using System.CommandLine;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Cli.Commands;

/// <summary>`vsc train`: a new run, then its evaluation and report.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var file = new Argument<string?>("experiment")
        {
            Description = "an experiment's JSON file; options override it. Without a file and --preset: the preset of the data, for patches 'quick' unless --epochs is given",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var preset = new Option<string?>("--preset") { Description = "an experiment that comes with the program, in place of a file; see 'vsc methods'", HelpName = string.Join('|', Presets.All.Select(known => known.Name)) };
        var output = new Option<string?>("--output", "-o") { Description = "the run's folder, new or empty; by default the next free runs/METHOD-N", HelpName = "RUN" };
        var options = new ExperimentOptions();
        var command = new Command("train", "learn a dictionary, or a generator of whole images, and an inference network") { file, preset, output };
        options.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var experiment = Describe(parsed.GetValue(file), parsed.GetValue(preset), options.Layer(parsed));
            string path = parsed.GetValue(output) ?? NextFree(experiment.Method);
            using var folder = RunFolder.Create(path, TrainingRun.Resolve(experiment));
            try
            {
                return Task.FromResult(Training.Run(folder, parsed.InvocationConfiguration.Output, cancellation));
            }
            catch (InvalidInputException) when (folder.NewestCheckpoint is null)
            {
                folder.Abandon();
                throw;
            }
        });
        return command;
    }

    /// <summary>The experiment of a file or preset and a command line; without either and without a length, the quick one.</summary>
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

    /// <summary>The preset of whole images, where a command line asks for them.</summary>
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

    /// <summary>Where the user names data but no counts: as many samples as the defaults, or as there are.</summary>
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

    private static string NextFree(string method)
    {
        for (int number = 1; ; number++)
        {
            string path = Path.Combine("runs", $"{method}-{number}");
            if (!Path.Exists(path)) return path;
        }
    }
}
