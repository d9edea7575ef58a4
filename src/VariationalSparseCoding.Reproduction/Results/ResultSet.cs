namespace VariationalSparseCoding.Reproduction.Results;

/// <summary>The results of a schedule, by variant and seed.</summary>
internal sealed class ResultSet
{
    private readonly ILookup<string, RunResult> byVariant;

    /// <summary>Gathers results.</summary>
    /// <param name="results">Results of one schedule; one for each variant and seed.</param>
    public ResultSet(IEnumerable<RunResult> results)
    {
        All = [.. results];
        byVariant = All.ToLookup(result => result.Variant);
    }

    /// <summary>All results.</summary>
    public IReadOnlyList<RunResult> All { get; }

    /// <summary>The results of a variant, in the order in which they were given.</summary>
    /// <param name="variant">Name of the variant.</param>
    public IReadOnlyList<RunResult> Of(string variant) => [.. byVariant[variant]];

    /// <summary>Whether a run of a variant ended in NaN.</summary>
    /// <param name="variant">Name of the variant.</param>
    public bool Diverged(string variant) => byVariant[variant].Any(result => result.Divergence is not null);

    /// <summary>The mean over the seeds whose runs did not end in NaN: NaN where all did, null where nothing was measured.</summary>
    /// <param name="variant">Name of the variant.</param>
    /// <param name="metric">One of <see cref="MetricNames"/>.</param>
    public double? Mean(string variant, string metric) => Values(variant, metric) is { Length: > 0 } values ? values.Average() : null;

    /// <summary>The standard deviation over the seeds whose runs did not end in NaN, with divisor n - 1: NaN where all did, null where fewer than two were measured.</summary>
    /// <param name="variant">Name of the variant.</param>
    /// <param name="metric">One of <see cref="MetricNames"/>.</param>
    public double? Deviation(string variant, string metric)
    {
        if (Values(variant, metric) is not { Length: > 1 } values) return null;
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }

    private double[] Values(string variant, string metric)
    {
        double[] finished = [.. byVariant[variant].Where(result => result.Divergence is null && result.Find(metric) is not null).Select(result => result[metric])];
        return finished.Length > 0 ? finished : [.. byVariant[variant].Where(result => result.Divergence is not null).Select(_ => double.NaN)];
    }
}
