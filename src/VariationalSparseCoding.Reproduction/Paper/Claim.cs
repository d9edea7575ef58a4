using VariationalSparseCoding.Reproduction.Results;

namespace VariationalSparseCoding.Reproduction.Paper;

/// <summary>What numbers say about a claim.</summary>
public enum Verdict
{
    /// <summary>A run that the claim is about is missing, and those that are there do not refute it.</summary>
    NotMeasured,
    /// <summary>Every part holds in each of at least two seeds.</summary>
    Confirmed,
    /// <summary>Neither confirmed nor refuted: seeds disagree, or there is only one.</summary>
    NotConfirmed,
    /// <summary>A part fails in each of at least two seeds.</summary>
    Refuted,
    /// <summary>A part fails in each of at least two seeds of a short schedule, but at the paper's length what fails holds.</summary>
    NotAtThisLength,
    /// <summary>The numbers are those of chance, in each of at least two seeds.</summary>
    NotBeyondChance,
}

/// <summary>A claim of the paper as comparisons of numbers. It is confirmed where all of them hold, refuted where one fails, each in every seed.</summary>
/// <param name="Source">Where the paper says it.</param>
/// <param name="Statement">What it says.</param>
/// <param name="Criterion">How numbers decide.</param>
/// <param name="Comparisons">The comparisons.</param>
internal sealed record Claim(string Source, string Statement, string Criterion, IReadOnlyList<Comparison> Comparisons)
{
    /// <summary>The verdict on results. A short schedule does not refute what holds at full length.</summary>
    /// <param name="results">The results of one schedule.</param>
    /// <param name="longer">Those of a longer one, if there are any.</param>
    public Verdict Judge(ResultSet results, ResultSet? longer = null)
    {
        var outcomes = Comparisons.Select(comparison => comparison.Judge(results)).ToList();
        if (outcomes.Contains(Verdict.Refuted))
        {
            bool[] later = [.. Comparisons.Where(comparison => comparison.Judge(results) == Verdict.Refuted).SelectMany(comparison => longer is null ? [] : comparison.BySeed(longer))];
            return later.Length > 0 && later.All(holds => holds) ? Verdict.NotAtThisLength : Verdict.Refuted;
        }
        if (outcomes.Contains(Verdict.NotMeasured)) return Verdict.NotMeasured;
        if (outcomes.Contains(Verdict.NotBeyondChance)) return Verdict.NotBeyondChance;
        return outcomes.All(outcome => outcome == Verdict.Confirmed) ? Verdict.Confirmed : Verdict.NotConfirmed;
    }
}

/// <summary>A statement about one number in every seed.</summary>
/// <param name="Left">The variant whose number is on the left.</param>
/// <param name="Metric">One of <see cref="MetricNames"/>.</param>
/// <param name="Right">The variant on the right; null where the number is compared with the bounds.</param>
/// <param name="Low">The lower bound without a variant on the right.</param>
/// <param name="High">The upper bound without a variant on the right.</param>
internal sealed record Comparison(string Left, string Metric, string? Right, double Low = double.NegativeInfinity, double High = double.PositiveInfinity)
{
    /// <summary>The number on the right; null for the same as on the left.</summary>
    public string? RightMetric { get; init; }

    /// <summary>Whether a run that ended in NaN fulfils the statement.</summary>
    public bool HoldsForNaN { get; init; }

    /// <summary>Whether a number that fulfils the statement in no seed is that of chance, which neither confirms nor refutes.</summary>
    public bool IsAboutChance { get; init; }

    /// <summary>The left number is below the right one, seed by seed.</summary>
    /// <param name="left">The variant on the left.</param>
    /// <param name="right">The variant on the right.</param>
    /// <param name="metric">The number.</param>
    public static Comparison Less(string left, string right, string metric) => new(left, metric, right);

    /// <summary>The number lies between bounds.</summary>
    /// <param name="variant">The variant.</param>
    /// <param name="metric">The number.</param>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound.</param>
    public static Comparison Within(string variant, string metric, double low, double high = double.PositiveInfinity) => new(variant, metric, null, low, high);

    /// <summary>What the seeds say.</summary>
    /// <param name="results">The results of one schedule.</param>
    public Verdict Judge(ResultSet results)
    {
        bool[] bySeed = [.. BySeed(results)];
        return bySeed.Length == 0 ? Verdict.NotMeasured
            : bySeed.Length == 1 ? Verdict.NotConfirmed
            : bySeed.All(holds => holds) ? Verdict.Confirmed
            : bySeed.All(holds => !holds) ? IsAboutChance ? Verdict.NotBeyondChance : Verdict.Refuted
            : Verdict.NotConfirmed;
    }

    /// <summary>Whether the statement holds, for each seed that has the numbers.</summary>
    /// <param name="results">The results of one schedule.</param>
    public IEnumerable<bool> BySeed(ResultSet results)
    {
        foreach (var left in results.Of(Left))
        {
            double value = left[Metric];
            if (left.Divergence is not null)
            {
                // A run that failed says nothing about how it compares with another.
                if (Right is null) yield return HoldsForNaN;
            }
            else if (Right is null)
            {
                if (!double.IsNaN(value)) yield return value >= Low && value <= High;
            }
            else if (results.Of(Right).FirstOrDefault(result => result.Experiment.Seed == left.Experiment.Seed) is { } right)
            {
                double other = right[RightMetric ?? Metric];
                if (!double.IsNaN(value + other)) yield return value < other;
            }
        }
    }
}
