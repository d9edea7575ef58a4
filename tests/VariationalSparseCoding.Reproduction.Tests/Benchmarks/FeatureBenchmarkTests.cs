using VariationalSparseCoding.Reproduction.Benchmarks;
using VariationalSparseCoding.Synthetic;

namespace VariationalSparseCoding.Reproduction.Tests.Benchmarks;

[Trait("Category", "Slow")]
public class FeatureBenchmarkTests
{
    private static readonly FeatureOptions Options = new() { Dimension = 32, Features = 48, ExpectedActive = 3, FeaturesPerTree = 24, LeastProbability = 0.01 };

    // Of features that fire only with their parents an autoencoder learns sums. With the same number of active features in each sample, where the truth has more or fewer, some are learned twice.
    [Theory]
    [InlineData("topk", 0.8, 0.6, 0.8)]
    [InlineData("batch-topk", 0.93, 0.9, 0.95)]
    [InlineData("gaussian-topk", 0.78, 0.6, 0.8)]
    [InlineData("gaussian-gate", 0.93, 0.9, 0.95)]
    public void An_autoencoder_finds_features_and_is_as_sparse_as_asked_for(string method, double cosine, double f1, double explained)
    {
        var result = new FeatureBenchmark(Options with { Depth = 0 }, trainSamples: 20_000, epochs: 10, atoms: Options.Features).Run(new(method, 3, 0), TestContext.Current.CancellationToken);
        Assert.InRange(result.Cosine, cosine, 1);
        Assert.InRange(result.Recovery.F1, f1, 1);
        Assert.InRange(result.ExplainedVariance, explained, 1);
        Assert.InRange(result.Active, 2.8, 3.1);
        Assert.InRange(result.Recovery.Shrinkage, 0.6, 1.2);
        Assert.Equal(!method.StartsWith("gaussian", StringComparison.Ordinal), double.IsNaN(result.CalibrationError));
        if (method == "gaussian-gate") Assert.InRange(result.CalibrationError, 0, 0.1);
    }

    [Fact]
    public void Runs_side_by_side_are_reported_in_their_order_and_are_those_of_a_run_alone()
    {
        var benchmark = new FeatureBenchmark(Options with { Depth = 0 }, trainSamples: 500, epochs: 1, atoms: Options.Features);
        var runs = FeatureBenchmark.Plan(["topk", "fista"], [2, 3], [0, 1]);
        Assert.Equal(6, runs.Count);
        List<FeatureRun> reported = [];
        var results = benchmark.Complete(runs, result => reported.Add(result.Run), TestContext.Current.CancellationToken);
        Assert.Equal(runs, reported);
        Assert.Equal(benchmark.Run(runs[1], TestContext.Current.CancellationToken), results[1]);
        string page = FeatureTable.Markdown(results, "Made for a test.", "test");
        Assert.Contains("## 2 active features", page, StringComparison.Ordinal);
        Assert.Contains("## Methods that are not asked for a number of active features", page, StringComparison.Ordinal);
        Assert.Contains("| fista | ", page, StringComparison.Ordinal);
    }
}
