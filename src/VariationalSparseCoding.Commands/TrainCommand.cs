using System.CommandLine;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Commands;

/// <summary>`train`: a new run, then its evaluation and report.</summary>
internal static class TrainCommand
{
    private const int MostCollisions = 100;

    public static Command Create(CommandSet set)
    {
        var file = new PathArgument("experiment")
        {
            Description = "an experiment file (JSON); options override it. With neither a file nor --preset, the preset that fits the data is used, for patches and matrices 'quick'. Weights and warm-ups that are not set follow from the size of the samples and the length of the run",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var preset = new Option<string?>("--preset") { Description = $"an experiment that comes with the program, instead of a file; see '{set.Name} methods'", HelpName = string.Join('|', Presets.All.Select(known => known.Name)) };
        var output = new OutputOption("--output", "-o") { Description = "the run's folder, new or empty; by default the next free runs/METHOD-N", HelpName = "RUN" };
        var options = new ExperimentOptions(set.Name);
        var command = new Command("train", "Learn a dictionary, or a generator of whole images, together with an inference network.") { file, preset, output };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var experiment = Describe(parsed.GetValue(file), parsed.GetValue(preset), options, parsed);
            // Looked up first, so that no folder is made for a run that this program cannot evaluate.
            set.Kinds.Find(experiment.Generator.Kind);
            foreach (var (key, name) in options.Settings(parsed))
                if ((UnusedSettings.ReasonOf(experiment, key) ?? DataSets.ReasonUnused(experiment.Data, key)) is { } reason) parsed.InvocationConfiguration.Output.WriteLine($"{name} has no effect: {reason}");
            experiment = TrainingRun.Resolve(experiment);
            using var folder = parsed.GetValue(output) is { } path ? RunFolder.Create(path, experiment) : CreateNextFree(experiment);
            OpenedRun.Listen(set, parsed, folder);
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

    /// <summary>Returns the experiment of a file or preset and a command line; with neither of them, the one that suits the data.</summary>
    /// <param name="file">The file, or null.</param>
    /// <param name="preset">The preset's name, or null.</param>
    /// <param name="options">What the command line says.</param>
    internal static Experiment Describe(string? file, string? preset, JsonObject options)
    {
        if (file is not null && preset is not null) throw new InvalidInputException($"{file} and --preset {preset} both describe the experiment: give one of them.");
        return file is null ? ExperimentDefaults.Resolve("command line", options, preset is null ? null : Presets.Parse(preset))
            : ExperimentDefaults.ResolveFile(file, options);
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
