using BenchmarkDotNet.Attributes;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Reproduction.Metrics;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>The metrics that take all codes of a run, at the paper's sizes: 16,000 codes of 256 features, a tenth of them active, and 20 passes for the consistency of supports.</summary>
public class MetricBenchmarks
{
    private const int Count = 16_000, Passes = 20, TenthActive = 1645;
    private readonly float[] codes = Codes(Count);
    private readonly bool[] used = [.. Enumerable.Repeat(true, Inputs.Size)];
    private float[] passes = null!;

    [GlobalSetup(Target = nameof(Consistency))]
    public void DrawPasses() => passes = Codes(Count * Passes);

    [Benchmark(Description = "multi-information, 16,000 x 256")]
    public double PlugIn() => MultiInformation.Estimate<float>(codes, Inputs.Size).MultiInformationBits;

    [Benchmark(Description = "Gaussian copula, 16,000 x 256")]
    public double Copula() => GaussianCopula.Estimate<float>(codes, Inputs.Size).TotalCorrelationBits;

    [Benchmark(Description = "Jaccard index, 16,000 inputs x 20 passes")]
    public double Consistency() => JaccardConsistency.PerInput<float>(passes, Passes, used).Average();

    private static float[] Codes(int count)
    {
        float[] numbers = Inputs.Normal(4, count * Inputs.Size);
        for (int i = 0; i < numbers.Length; i++) numbers[i] = Math.Abs(numbers[i]) > TenthActive / 1000f ? numbers[i] : 0;
        return numbers;
    }
}
