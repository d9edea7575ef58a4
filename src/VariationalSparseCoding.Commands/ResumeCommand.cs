using System.CommandLine;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Commands;

/// <summary>`resume`: continues a run from its last checkpoint.</summary>
internal static class ResumeCommand
{
    public static Command Create(CommandSet set)
    {
        var run = new PathArgument("run") { Description = "the run's folder" };
        var epochs = new Option<int?>("--epochs") { Description = "extend the run to this many epochs in all; its step sizes then follow the longer schedule from here on, so that the result is not that of a run planned so long", HelpName = "COUNT" };
        var command = new Command("resume", "Continue an interrupted run. The result is the same, bit for bit, as without the interruption.") { run, epochs };
        command.SetAction((parsed, cancellationToken) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            using var folder = RunFolder.Resume(parsed.GetValue(run)!);
            OpenedRun.Listen(set, parsed, folder);
            OpenedRun.NoteUnverified(set, parsed, folder);
            if (parsed.GetValue(epochs) is { } wanted) folder.Extend(wanted);
            if (TrainingRun.IsFinished(folder)) output.WriteLine($"{folder.Root}: training is finished; evaluating it again.");
            else if (folder.NewestCheckpoint is null) output.WriteLine($"{folder.Root}: nothing was saved yet; starting over.");
            return Task.FromResult(TrainAndReport.Run(set, folder, output, cancellationToken));
        });
        return command;
    }
}
