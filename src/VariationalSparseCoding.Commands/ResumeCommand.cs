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
        var command = new Command("resume", "Continue an interrupted run. The result is the same, bit for bit, as without the interruption.") { run };
        command.SetAction((parsed, cancellationToken) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            using var folder = RunFolder.Resume(parsed.GetValue(run)!);
            if (TrainingRun.IsFinished(folder)) output.WriteLine($"{folder.Root}: training is finished; evaluating it again.");
            else if (folder.NewestCheckpoint is null) output.WriteLine($"{folder.Root}: nothing was saved yet; starting over.");
            return Task.FromResult(TrainAndReport.Run(set, folder, output, cancellationToken));
        });
        return command;
    }
}
