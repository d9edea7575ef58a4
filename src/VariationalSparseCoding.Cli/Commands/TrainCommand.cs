using System.CommandLine;
using System.Text.Json.Nodes;
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
        return file is null ? ExperimentDefaults.Resolve("command line", options, preset is null ? null : Presets.Parse(preset))
            : ExperimentJson.Resolve(file, ExperimentJson.ReadObject(file), options);
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
