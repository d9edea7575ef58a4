using System.CommandLine;
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
        var command = new Command("evaluate", "measure a run on its validation samples, beside the all-zero code and converged FISTA (or, of whole images, the mean image)") { run, json, samples };
        command.SetAction((parsed, cancellation) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            using var folder = RunFolder.Open(parsed.GetValue(run)!);
            var results = Results.Of(folder, parsed.GetValue(samples), cancellation);
            if (parsed.GetValue(json)) output.WriteLine(results.JsonText());
            else results.Print(output);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
