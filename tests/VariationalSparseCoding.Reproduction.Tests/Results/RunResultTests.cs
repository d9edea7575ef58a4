using VariationalSparseCoding.Reproduction.Results;
using VariationalSparseCoding.Tests.Serialization;
using static VariationalSparseCoding.Reproduction.Tests.Results.ConstructedResults;

namespace VariationalSparseCoding.Reproduction.Tests.Results;

public sealed class RunResultTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_result_is_read_as_it_was_written()
    {
        var result = Run("spike-and-slab-j20", 1337, (MetricNames.Objective, 1 / 3.0), (MetricNames.Jaccard, 0.25)) with
        {
            Measurement = new() { SignalPasses = 1000, SignalBatches = 160 },
            MeasuredWith = "versions",
            Histograms = new Dictionary<string, IReadOnlyList<int>> { [MetricNames.Jaccard] = [0, 3, 1] },
        };
        result.Write(scratch.File("result.json"));
        var read = RunResult.Read(scratch.File("result.json"));
        Assert.Equal(result with { Metrics = read.Metrics, Histograms = read.Histograms }, read);
        Assert.Equal(result.Metrics, read.Metrics);
        Assert.Equal([0, 3, 1], read.Histograms[MetricNames.Jaccard]);
        Assert.Contains("[0, 3, 1]", File.ReadAllText(scratch.File("result.json")), StringComparison.Ordinal);
        Assert.True(double.IsNaN(read["no such number"]));

        Diverged("thresholded-laplacian-j1", 0).Write(scratch.File("diverged.json"));
        Assert.Contains("NaN", RunResult.Read(scratch.File("diverged.json")).Divergence, StringComparison.Ordinal);
        Assert.Equal(2, RunResult.ReadAll(scratch.Path).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "schedule": "compact", "variant": "fista", "experiment": {}, "step": 1, "more": 2 }""")]
    [InlineData("""{ "schedule": "compact", "variant": "fista", "experiment": { "objective": {}, "objective": {} }, "step": 1 }""")]
    [InlineData("""{ "schedule": "compact", "variant": "fista", "experiment": {}, "step": 1, "step": 2 }""")]
    [InlineData("""{ "schedule": "compact", "variant": "fista", "experiment": {}, "step": 1, "histograms": { "jaccard": 3 } }""")]
    public void A_damaged_result_is_named(string content)
    {
        string path = scratch.Write("result.json", System.Text.Encoding.UTF8.GetBytes(content));
        Assert.Contains(path, Assert.Throws<InvalidInputException>(() => RunResult.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Means_and_deviations_are_over_seeds()
    {
        var results = new ResultSet([.. BySeed("fista", "x", 1, 2, 6), .. BySeed("gaussian-j1", "x", 5), .. BySeed("laplacian-j1", "x", 1, 2), Diverged("laplacian-j1", 2), Diverged("laplacian-j20", 0)]);
        Assert.Equal(3, results.Mean("fista", "x"));
        Assert.Equal(Math.Sqrt(7), results.Deviation("fista", "x")!.Value, 1e-12);
        Assert.Equal((5.0, (double?)null), (results.Mean("gaussian-j1", "x"), results.Deviation("gaussian-j1", "x")));
        Assert.Equal((null, (double?)null), (results.Mean("gaussian-j20", "x"), results.Mean("fista", "y")));
        Assert.Equal((1.5, 0.5), (results.Mean("laplacian-j1", "x")!.Value, Math.Pow(results.Deviation("laplacian-j1", "x")!.Value, 2)), (one, two) => Math.Abs(one.Item1 - two.Item1) + Math.Abs(one.Item2 - two.Item2) < 1e-12);
        Assert.True(results.Mean("laplacian-j20", "x") is double.NaN);
    }
}
