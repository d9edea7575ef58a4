using System.Globalization;
using VariationalSparseCoding.Reporting;
using VariationalSparseCoding.Reproduction.Paper;
using VariationalSparseCoding.Reproduction.Results;

namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>Verdicts on the paper's claims in words, with the numbers behind them.</summary>
internal static class ClaimText
{
    /// <summary>How verdicts come about.</summary>
    public const string Rule = "A claim is taken apart into comparisons of numbers. It is confirmed where every comparison holds in every seed, refuted where at least one fails in every seed, and otherwise not confirmed; two seeds are the least for a verdict. Where what fails at a short schedule holds in the runs at the paper's length, the verdict is 'not at this length'. A similarity of supports is divided by that of independent supports of the same activity; 'not beyond chance' says that nothing is left to compare. A run that ended in NaN is compared with no other. The verdicts are computed from the results, and hold on these data at this schedule only.";

    private const int MostShown = 3;

    /// <summary>A verdict in words.</summary>
    /// <param name="verdict">The verdict.</param>
    public static string Name(Verdict verdict) => verdict switch
    {
        Verdict.Confirmed => "confirmed",
        Verdict.Refuted => "refuted",
        Verdict.NotConfirmed => "not confirmed",
        Verdict.NotAtThisLength => "not at this length",
        Verdict.NotBeyondChance => "not beyond chance",
        _ => "not yet measured",
    };

    /// <summary>How many of a claim's comparisons hold, and the numbers of those that decide.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="results">The results of one schedule.</param>
    public static string Evidence(Claim claim, ResultSet results)
    {
        var judged = claim.Comparisons.Select(comparison => (Comparison: comparison, Verdict: comparison.Judge(results))).ToList();
        var measured = judged.Where(pair => pair.Verdict != Verdict.NotMeasured).ToList();
        if (measured.Count == 0) return "";
        int holding = measured.Count(pair => pair.Comparison.BySeed(results).All(holds => holds));
        string missing = measured.Count < judged.Count ? $" ({judged.Count - measured.Count} not yet measured)" : "";
        var failing = measured.Where(pair => !pair.Comparison.BySeed(results).All(holds => holds)).ToList();
        var shown = failing.Count > 0 ? failing : measured;
        string more = shown.Count > MostShown ? $"; and {shown.Count - MostShown} more" : "";
        return $"{holding} of {measured.Count} comparisons hold{missing}{(failing.Count > 0 ? "; these do not: " : ": ")}"
            + string.Join("; ", shown.Take(MostShown).Select(pair => Describe(pair.Comparison, results))) + more;
    }

    private static string Describe(Comparison comparison, ResultSet results)
    {
        string seeds = BySeed(comparison, results), metric = comparison.Metric.Replace('_', ' ');
        string left = $"{metric} of {comparison.Left} {Number(results.Mean(comparison.Left, comparison.Metric))}";
        if (comparison.Right is { } right)
        {
            string other = comparison.RightMetric is { } rightMetric ? rightMetric.Replace('_', ' ') : right;
            return $"{left} < {other} {Number(results.Mean(right, comparison.RightMetric ?? comparison.Metric))}{seeds}";
        }
        string bounds = double.IsInfinity(comparison.High) ? $" ≥ {Number(comparison.Low)}" : $" in [{Number(comparison.Low)}, {Number(comparison.High)}]";
        return left + bounds + seeds;
    }

    private static string BySeed(Comparison comparison, ResultSet results)
    {
        bool[] bySeed = [.. comparison.BySeed(results)];
        return $" in {bySeed.Count(holds => holds)} of {bySeed.Length} seed{(bySeed.Length == 1 ? "" : "s")}";
    }

    private static string Number(double? value) => value is { } number ? (number is > 0 and < 1e-300 ? "0" : number.ToString("G4", CultureInfo.InvariantCulture)) : Numbers.Missing;
}
