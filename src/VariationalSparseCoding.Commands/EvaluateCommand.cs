using System.CommandLine;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Evaluation;

namespace VariationalSparseCoding.Commands;

/// <summary>`evaluate`: measures a run on its validation samples.</summary>
internal static class EvaluateCommand
{
    public static Command Create(CommandSet set)
    {
        var run = new PathArgument("run") { Description = "the run's folder" };
        var json = new Option<bool>("--json") { Description = "print JSON instead of a table" };
        var csv = new Option<bool>("--csv") { Description = "print a line of names and a line of values, of all that --json has, instead of a table" };
        var draws = DrawsOption.Create<int?>("draws per sample for the codes as trained; by default as in training");
        var compare = new PathOption("--compare") { Description = "another run; says how alike the dictionaries are: the mean |cosine| of matched atoms (MCC), and the share of atoms with a twin (|cosine| over 0.9)", HelpName = "RUN" };
        var command = new Command("evaluate", "Measure a run on its validation samples and compare it with baselines: the all-zero code and converged FISTA or, for whole images, the mean image.") { run, json, csv, draws, compare };
        var measured = new MeasuredDataOptions();
        measured.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(json) && parsed.GetValue(csv)) throw new InvalidInputException("--json and --csv: give one of them.");
            var output = parsed.InvocationConfiguration.Output;
            using var folder = OpenedRun.Open(set, parsed, parsed.GetValue(run)!);
            measured.Apply(parsed, folder);
            var results = RunResults.Of(set.Kinds, folder, parsed.GetValue(draws), cancellationToken);
            DictionaryComparison? comparison = null;
            if (parsed.GetValue(compare) is { } path)
            {
                using var other = OpenedRun.Open(set, parsed, path);
                comparison = DictionaryComparison.Of(folder, other);
                results.Json["compare"] = comparison.ToJson();
            }
            if (parsed.GetValue(json)) output.WriteLine(results.JsonText());
            else if (parsed.GetValue(csv)) output.WriteLine(results.CsvText());
            else
            {
                results.Print(output);
                if (comparison is not null) output.WriteLine(FormattableString.Invariant($"against {parsed.GetValue(compare)}: mean |cosine| of matched atoms {comparison.MeanAbsoluteCosine:F4}; {100 * comparison.Twins:F1}% of the atoms have a twin (|cosine| over {DictionaryComparison.TwinCosine})"));
            }
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
