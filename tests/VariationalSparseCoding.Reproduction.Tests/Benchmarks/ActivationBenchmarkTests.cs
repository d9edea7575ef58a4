using VariationalSparseCoding.Reproduction.Benchmarks;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Reproduction.Tests.Benchmarks;

public sealed class ActivationBenchmarkTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("vsc-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Each_variant_takes_its_best_rate_and_nothing_is_made_twice()
    {
        const int Rows = 1000, Dimension = 12;
        float[] x = new float[Rows * Dimension];
        var random = new System.Random(1);
        for (int row = 0; row < Rows; row++)
            for (int feature = 0, which = random.Next(6); feature < 2; feature++) x[row * Dimension + (5 * which + 3 * feature) % Dimension] += 1 + random.NextSingle();
        string source = Path.Combine(folder, "x.npy"), results = Path.Combine(folder, "results");
        Npy.Write<float>(source, Rows, Dimension, writer => writer.Append(x));
        Directory.CreateDirectory(results);
        var benchmark = new ActivationBenchmark(results, source, atoms: 16, epochs: 6, batchSize: 50);
        benchmark.Read();
        Assert.Equal((900, Dimension), (benchmark.TrainRows, benchmark.Dimension));
        string[] variants = ["topk", "gaussian-gate sparsity.gateNoise=0.5 sampling.draws=2"];
        List<ActivationResult> made = [];
        var found = benchmark.Complete(variants, [2, 3], [1e-6, 1e-2], [0, 1], made.Add, TestContext.Current.CancellationToken);
        Assert.Equal(8, found.Count);
        Assert.All(found, result => Assert.Equal(1e-2, result.Run.Rate));
        Assert.All(found, result => Assert.InRange(result.ExplainedVariance, 0.3, 1));
        Assert.All(found, result => Assert.InRange(result.Cut, 0, result.ExplainedVariance + 0.2));
        // Two rates of each variant, of which one is the first of its results.
        Assert.Equal(10, made.Count);
        made.Clear();
        var again = benchmark.Complete(variants, [2, 3], [1e-6, 1e-2], [0, 1], made.Add, TestContext.Current.CancellationToken);
        Assert.Empty(made);
        Assert.Equal(found, again);
        string page = ActivationTable.Markdown(again, benchmark.Agreement, "Made for a test.", "test");
        Assert.Contains("## k = 3", page, StringComparison.Ordinal);
        Assert.Contains("| gaussian-gate sparsity.gateNoise=0.5 sampling.draws=2 | ", page, StringComparison.Ordinal);
        Assert.Contains("less topk: EV", page, StringComparison.Ordinal);
    }
}
