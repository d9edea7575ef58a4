using System.Globalization;

namespace VariationalSparseCoding.Reproduction.Benchmarks;

/// <summary>The results of <see cref="ActivationBenchmark"/> as a page.</summary>
internal static class ActivationTable
{
    // Behind the point.
    private const int Digits = 4;

    /// <summary>The methods that others are compared with.</summary>
    private static readonly string[] references = ["topk", "batch-topk"];

    /// <summary>Returns the tables: for each number of active features the means over seeds, their standard deviations, and how each method differs from the references.</summary>
    /// <param name="results">The results.</param>
    /// <param name="agreement">Agreement of the seeds of trainings.</param>
    /// <param name="description">How the trainings were made, in a sentence.</param>
    /// <param name="command">The command that makes the page.</param>
    public static string Markdown(IReadOnlyList<ActivationResult> results, Func<IReadOnlyList<ActivationRun>, double> agreement, string description, string command)
    {
        List<string> lines =
        [
            "# Codes of activations",
            "",
            $"Written by `{command}`. {description}",
            "",
            "Numbers are means over seeds (± their standard deviation) on rows that no training has seen. EV is the explained variance of the model's own codes, which are a function of the row alone, and active their mean number of",
            "active features; EV cut is that of the same codes of which at most k features are kept in each row, the largest. Agreement is the mean |cosine| of the atoms of one seed with those of the next that they are matched with.",
            "Dead is the part of features that are active in no test row. The learning rate of each method is the best of those tried, by EV cut on validation rows; seconds are those of one thread.",
        ];
        foreach (var group in results.GroupBy(result => result.Run.Active).OrderBy(group => group.Key))
        {
            lines.AddRange(["", $"## k = {group.Key}", "", "| method | EV | active | EV cut | agreement | dead | rate | seconds |", "|---|---:|---:|---:|---:|---:|---:|---:|"]);
            var methods = group.GroupBy(result => result.Run.Variant).ToDictionary(of => of.Key, of => of.OrderBy(result => result.Run.Seed).ToArray());
            foreach (var (method, runs) in methods)
            {
                string matched = runs.Length < 2 ? "" : agreement([.. runs.Select(run => run.Run)]).ToString("F3", CultureInfo.InvariantCulture);
                lines.Add(string.Create(CultureInfo.InvariantCulture,
                    $"| {method} | {Spread(runs, run => run.ExplainedVariance)} | {runs.Average(run => run.Active):F2} | {Spread(runs, run => run.Cut)} | {matched} | {runs.Average(run => run.Dead):F3} | {runs[0].Run.Rate} | {runs.Average(run => run.Seconds):F0} |"));
            }
            foreach (string reference in references.Where(methods.ContainsKey))
            {
                foreach (var (method, runs) in methods)
                {
                    var others = methods[reference];
                    if (references.Contains(method) || !SeedText.AreComparable(runs.Length, others.Length)) continue;
                    lines.AddRange(["", $"{method} less {reference}: EV {Difference(runs, others, run => run.ExplainedVariance)}, EV cut {Difference(runs, others, run => run.Cut)}."]);
                }
            }
        }
        return string.Join('\n', lines) + "\n";
    }

    private static string Difference(ActivationResult[] runs, ActivationResult[] others, Func<ActivationResult, double> value) => SeedText.Difference([.. runs.Zip(others, (run, other) => value(run) - value(other))], Digits);

    private static string Spread(ActivationResult[] runs, Func<ActivationResult, double> value) => SeedText.Spread([.. runs.Select(value)], Digits);
}
