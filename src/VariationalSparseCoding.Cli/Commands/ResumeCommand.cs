using System.CommandLine;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Cli.Commands;

/// <summary>`vsc resume`: continues a run from its last checkpoint.</summary>
internal static class ResumeCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "the run's folder" };
        var command = new Command("resume", "continue an interrupted run, bit for bit as if it had not been interrupted") { run };
        command.SetAction((parsed, cancellation) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            using var folder = RunFolder.Resume(parsed.GetValue(run)!);
            if (TrainingRun.IsFinished(folder)) output.WriteLine($"{folder.Root}: training is finished; evaluating it again.");
            else if (folder.NewestCheckpoint is null) output.WriteLine($"{folder.Root}: nothing was saved yet; starting over.");
            return Task.FromResult(Training.Run(folder, output, cancellation));
        });
        return command;
    }
}
