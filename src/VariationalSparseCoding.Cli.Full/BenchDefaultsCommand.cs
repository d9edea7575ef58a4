using System.CommandLine;
using VariationalSparseCoding.Commands;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Commands.Printing;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reproduction.Benchmarks;

namespace VariationalSparseCoding.Cli.Full;

/// <summary>`bench defaults`: what the codes are worth that a model may give when no kind is named.</summary>
internal static class BenchDefaultsCommand
{
    private const int SyntheticThreads = 1;

    public static Command Create(CommandSet set)
    {
        var runs = new PathsArgument("runs") { Description = "folders of runs with a dictionary; none trains all methods on the synthetic set 'easy'", Arity = ArgumentArity.ZeroOrMore };
        var epochs = new Option<int>("--epochs") { Description = "passes over the synthetic set", HelpName = "COUNT", DefaultValueFactory = _ => 100 };
        var command = new Command("defaults", "Measure reconstruction, sparsity and continuity of the codes that a model may give by default (* marks the one it gives).") { runs, epochs };
        command.SetAction((parsed, cancellationToken) =>
        {
            var table = new NumberTable("codes", "explained variance", "active", "median Jaccard", "not empty");
            string[] folders = parsed.GetValue(runs) ?? [];
            foreach (string path in folders)
            {
                using var folder = OpenedRun.Open(set, parsed, path);
                Add(table, Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), DefaultCodeBenchmark.Run(folder, cancellationToken));
            }
            if (folders.Length == 0)
                foreach (var method in MethodTable.All)
                    Add(table, method.Name, SyntheticBenchmark.Defaults(method.Name, SyntheticSet.Easy, epochs: parsed.GetValue(epochs), threads: SyntheticThreads, cancellationToken: cancellationToken));
            table.Print(parsed.InvocationConfiguration.Output);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static void Add(NumberTable table, string name, IReadOnlyList<MeasuredDefault> measured)
    {
        foreach (var row in measured)
            table.Add($"{name}: {row.Codes}{(row.IsDefault ? " *" : "")}", new[] { row.ExplainedVariance, row.ActiveFraction, row.Continuity, row.NotEmpty }.Select(value => Consoles.Number(value, "F4")));
    }
}
