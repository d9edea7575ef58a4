namespace VariationalSparseCoding.Reproduction.Benchmarks;

/// <summary>The results of <see cref="FeatureBenchmark"/> as a page.</summary>
internal static class FeatureTable
{
    /// <summary>The method that others are compared with.</summary>
    private const string Reference = "topk";

    // Behind the point.
    private const int Digits = 3;

    // What a comparison is about: MCC, F1 and EV.
    private static readonly int[] Compared = [0, 1, 5];

    /// <summary>Returns the page: for each number of active features the means over seeds, their standard deviations, and how each method differs from 'topk'.</summary>
    /// <param name="results">The results.</param>
    /// <param name="description">How samples were made, in a sentence.</param>
    /// <param name="command">The command that makes the page.</param>
    public static string Markdown(IReadOnlyList<FeatureResult> results, string description, string command)
    {
        List<string> lines =
        [
            "# Features that are known",
            "",
            $"Written by `{command}`. {description}",
            "",
            "Each training has as many atoms as there are features, and otherwise default settings. Numbers are means over seeds (± their standard deviation) of the default codes of samples that no training has seen.",
            "MCC is the mean |cosine| of known features with the learned ones they are matched with (optimal assignment). Precision, recall and F1 judge each learned feature as a classifier of the samples in",
            "which its known feature is active, and are means over known features. Uniqueness counts different known features among those nearest to the learned ones. EV is the explained variance, shrinkage the learned",
            "over the known contribution where both are active, dead the part of learned features that are never active. ECE is the expected calibration error of P(active), where it is at least 1%, against the known",
            "feature's activity, of methods that say it.",
        ];
        foreach (var group in results.GroupBy(result => result.Run.Active).OrderBy(group => group.Key == 0 ? int.MaxValue : group.Key)) AddGroup(lines, group);
        return string.Join('\n', lines) + "\n";
    }

    private static void AddGroup(List<string> lines, IGrouping<int, FeatureResult> group)
    {
        lines.AddRange(["", group.Key == 0 ? "## Methods that are not asked for a number of active features" : $"## {group.Key} active features", ""]);
        lines.Add($"| method | {string.Join(" | ", FeatureResult.Columns)} |");
        lines.Add($"|---|{string.Concat(FeatureResult.Columns.Select(_ => "---:|"))}");
        var methods = group.GroupBy(result => result.Run.Method).ToDictionary(of => of.Key, of => of.OrderBy(result => result.Run.Seed).ToArray());
        foreach (var (method, runs) in methods)
            lines.Add($"| {method} | {string.Join(" | ", FeatureResult.Columns.Select((_, column) => SeedText.Spread([.. runs.Select(run => run.Values[column])], Digits)))} |");
        if (!methods.TryGetValue(Reference, out var reference)) return;
        foreach (var (method, runs) in methods)
        {
            if (method == Reference || !SeedText.AreComparable(runs.Length, reference.Length)) continue;
            lines.Add("");
            lines.Add($"{method} less {Reference}: {string.Join(", ", Compared.Select(column => $"{FeatureResult.Columns[column]} {SeedText.Difference([.. runs.Zip(reference, (run, other) => run.Values[column] - other.Values[column])], Digits)}"))}.");
        }
    }
}
