using System.CommandLine;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Commands;

/// <summary>A run that a command reads. What is odd about it is said in a line on the error stream, so that results stay clean.</summary>
internal static class OpenedRun
{
    /// <summary>Opens a run, and says so if its training has not reached its end.</summary>
    /// <param name="set">The program that was called.</param>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="path">The run's folder.</param>
    /// <exception cref="InvalidInputException">There is no run, or all of its checkpoints are damaged.</exception>
    public static RunFolder Open(CommandSet set, ParseResult parsed, string path)
    {
        var folder = RunFolder.Open(path);
        Listen(set, parsed, folder);
        NoteUnverified(set, parsed, folder);
        if (folder.NewestCheckpoint is { } checkpoint && !TrainingRun.IsFinished(folder))
        {
            string advice = folder.Divergence is { } divergence ? $"a resumed training would diverge again, so train a new run: {divergence}" : $"'{set.Name} resume {path}' goes on";
            Note(set, parsed, $"{path}: training has not reached its end (step {Checkpoint.StepOf(checkpoint)} of {TrainingRun.StepsOf(folder.Experiment)}): what follows is of its last checkpoint; {advice}");
        }
        return folder;
    }

    /// <summary>Has a run's notices shown.</summary>
    /// <param name="set">The program that was called.</param>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="folder">The run.</param>
    public static void Listen(CommandSet set, ParseResult parsed, RunFolder folder) => folder.Notice = line => Note(set, parsed, line);

    /// <summary>Says so if a run's newest checkpoint cannot be checked for damage.</summary>
    /// <param name="set">The program that was called.</param>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="folder">The run.</param>
    public static void NoteUnverified(CommandSet set, ParseResult parsed, RunFolder folder)
    {
        if (!folder.IsVerified) Note(set, parsed, SafetensorsChecksum.Missing(folder.NewestCheckpoint!));
    }

    private static void Note(CommandSet set, ParseResult parsed, string line) => parsed.InvocationConfiguration.Error.WriteLine($"{set.Name}: {line}");
}
