using System.CommandLine;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Cli.Commands;

/// <summary>`vsc evaluate`: measures a run on its validation samples.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "the run's folder" };
        var json = new Option<bool>("--json") { Description = "print JSON instead of a table" };
        var samples = new Option<int?>("--samples") { Description = "J of the codes as trained; by default the training's", HelpName = "J" };
        var command = new Command("evaluate", "measure a run on its validation samples, beside the all-zero code and converged FISTA") { run, json, samples };
        command.SetAction((parsed, cancellation) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            using var folder = RunFolder.Open(parsed.GetValue(run)!);
            var budget = parsed.GetValue(samples);
            if (parsed.GetValue(json)) output.WriteLine(RunEvaluation.Of(folder, budget, cancellation).ToJson().ToJsonString(new() { WriteIndented = true }));
            else Results.Print(RunEvaluation.Of(folder, budget, cancellation), output);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
