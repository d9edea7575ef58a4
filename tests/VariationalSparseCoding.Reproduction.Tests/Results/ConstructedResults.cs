using VariationalSparseCoding.Reproduction.Paper;
using VariationalSparseCoding.Reproduction.Results;

namespace VariationalSparseCoding.Reproduction.Tests.Results;

/// <summary>Results with chosen numbers.</summary>
internal static class ConstructedResults
{
    public static RunResult Run(string variant, ulong seed, params (string Metric, double Value)[] metrics) => new()
    {
        Schedule = "compact",
        Variant = variant,
        Experiment = ReproductionSchedule.Compact.Apply(RunVariants.Find(variant).Experiment) with { Seed = seed },
        Step = 20_000,
        Metrics = metrics.ToDictionary(pair => pair.Metric, pair => pair.Value),
    };

    /// <summary>One number of a variant for each of the seeds 0, 1, 2 ...</summary>
    public static IEnumerable<RunResult> BySeed(string variant, string metric, params double[] values) => values.Select((value, seed) => Run(variant, (ulong)seed, (metric, value)));

    public static RunResult Diverged(string variant, ulong seed) => Run(variant, seed) with { Divergence = "The training term 'loss' became NaN at step 7 of 20000." };
}
