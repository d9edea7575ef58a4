using System.Globalization;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Reproduction.Robustness;

/// <summary>The document about the results of <see cref="RobustnessRun"/>.</summary>
internal static class RobustnessTable
{
    /// <summary>Renders results as a Markdown page.</summary>
    /// <param name="results">The results.</param>
    /// <param name="command">The command that makes them, without the program's name.</param>
    public static string Markdown(IReadOnlyList<RobustnessResult> results, string command)
    {
        var structured = RobustnessSet.All.ToDictionary(set => set.Name, set => set.IsStructured);
        var faults = results.Select(result => (Result: result, Fault: result.Fault(structured[result.Set]))).Where(pair => pair.Fault is not null).ToList();
        string[] methods = [.. MethodTable.All.Select(method => method.Name).Where(name => results.Any(result => result.Method == name))];
        var lines = new List<string>
        {
            "# What default settings make of any data",
            "",
            $"Written by `{command}`. Each data set, method and seed is one training with the library's default options, at most {RobustnessRun.MostSteps} steps; fewer where steps are slow.",
            "A cell is the explained variance of the default codes on held-out rows, in standardised values: 1 is everything, 0 what codes of 0 explain; the median over seeds.",
            "**n**: a note says that nothing was learned. **b**: a training began to diverge, went back and on with smaller steps. **!**: a fault, listed below. S marks data with structure, of which codes must",
            "explain a part; of other data they must not explain less than -0.01 without a note, or are *refused* in a line that says why.",
            "",
            string.Create(CultureInfo.InvariantCulture, $"{results.Count} trainings, {results.Count(result => result.BackOffs > 0)} with back-offs, {results.Count(result => result.SaysNothingLearned)} that learned nothing and say so, {faults.Count} faults."),
            "",
            $"| data | N | D | | {string.Join(" | ", methods)} |",
            $"|---|---:|---:|---|{string.Concat(methods.Select(_ => "---:|"))}",
        };
        foreach (var set in RobustnessSet.All)
        {
            var own = results.Where(result => result.Set == set.Name).ToLookup(result => result.Method);
            if (own.Count > 0) lines.Add($"| {set.Name} | {set.Samples} | {set.Dimension} | {(set.IsStructured ? "S" : "")} | {string.Join(" | ", methods.Select(method => Cell([.. own[method]], set.IsStructured)))} |");
        }
        if (faults.Count > 0) lines.AddRange(["", "## Faults", "", .. faults.Select(pair => $"- {pair.Result.Set}, {pair.Result.Method}, seed {pair.Result.Seed}: {pair.Fault}")]);
        return string.Join('\n', lines) + "\n";
    }

    private static string Cell(RobustnessResult[] results, bool isStructured)
    {
        if (results.Length == 0) return "";
        if (Array.TrueForAll(results, result => result.Refusal is not null)) return "refused" + (isStructured ? " **!**" : "");
        double[] explained = [.. results.Select(result => result is { Failure: null, Refusal: null } ? result.ExplainedVariance : double.NaN).Order()];
        string marks = (results.Any(result => result.SaysNothingLearned) ? " n" : "") + (results.Any(result => result.BackOffs > 0) ? " b" : "") + (results.Any(result => result.Fault(isStructured) is not null) ? " **!**" : "");
        return explained[explained.Length / 2].ToString("F3", CultureInfo.InvariantCulture) + marks;
    }
}
