using System.CommandLine;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Cli.Commands;

/// <summary>`vsc train`: a new run, then its evaluation and report.</summary>
internal static class TrainCommand
{
    private const string Quick = "experiments/quick.json";

    public static Command Create()
    {
        var file = new Argument<string?>("experiment")
        {
            Description = "an experiment's JSON file; options override it. Without a file and --epochs: a schedule of about two minutes",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var output = new Option<string?>("--output", "-o") { Description = "the run's folder, new or empty; by default the next free runs/METHOD-N", HelpName = "RUN" };
        var options = new ExperimentOptions();
        var command = new Command("train", "learn a dictionary and an inference network") { file, output };
        options.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var experiment = Describe(parsed.GetValue(file), options.Layer(parsed));
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

    /// <summary>The experiment of a file and a command line; without a file and a length, the quick one.</summary>
    internal static Experiment Describe(string? file, JsonObject options)
    {
        var layers = new List<JsonObject>();
        if (file is not null) layers.Add(ExperimentJson.ReadObject(file));
        else if (options["schedule"]?["epochs"] is null) layers.Add(QuickLayer());
        layers.Add(options);
        if (file is null && options["data"] is JsonObject data && data["source"] is not null && data["trainSamples"] is null) layers.Add(FitToData(layers, options));
        return ExperimentJson.Resolve(file ?? "command line", [.. layers]);
    }

    private static JsonObject QuickLayer()
    {
        using var stream = typeof(TrainCommand).Assembly.GetManifestResourceStream(Quick)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return ExperimentJson.ParseObject(Quick, copy.ToArray());
    }

    /// <summary>Where the user names data but no counts: as many samples as the defaults, or as there are.</summary>
    private static JsonObject FitToData(List<JsonObject> layers, JsonObject options)
    {
        var wanted = ExperimentJson.Resolve("command line", [.. layers]);
        var fitted = wanted.Data.FitTo(DataSets.Available(wanted.Data), validationIsGiven: options["data"]!["validationSamples"] is not null);
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
