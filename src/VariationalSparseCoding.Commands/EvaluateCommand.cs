using System.CommandLine;
using VariationalSparseCoding.Commands.Parsing;

namespace VariationalSparseCoding.Commands;

/// <summary>`evaluate`: measures a run on its validation samples.</summary>
internal static class EvaluateCommand
{
    public static Command Create(CommandSet set)
    {
        var run = new PathArgument("run") { Description = "the run's folder" };
        var json = new Option<bool>("--json") { Description = "print JSON instead of a table" };
        var draws = DrawsOption.Create<int?>("draws per sample for the codes as trained; by default as in training");
        var command = new Command("evaluate", "Measure a run on its validation samples and compare it with baselines: the all-zero code and converged FISTA or, for whole images, the mean image.") { run, json, draws };
        command.SetAction((parsed, cancellationToken) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            using var folder = OpenedRun.Open(set, parsed, parsed.GetValue(run)!);
            var results = RunResults.Of(set.Kinds, folder, parsed.GetValue(draws), cancellationToken);
            if (parsed.GetValue(json)) output.WriteLine(results.JsonText());
            else results.Print(output);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
