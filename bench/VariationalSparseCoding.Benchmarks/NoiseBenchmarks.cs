using BenchmarkDotNet.Attributes;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>Base noise of J samples of one input, against the same variates one at a time.</summary>
public class NoiseBenchmarks
{
    private readonly float[] noise = new float[Inputs.Samples * Inputs.Size];

    [Benchmark(Baseline = true, Description = "plain"), BenchmarkCategory("Laplace noise")]
    public void Laplace_plain() => Plain<LaplaceVariate>();

    [Benchmark(Description = "kernel"), BenchmarkCategory("Laplace noise")]
    public void Laplace_kernel() => CounterNoise.FillLaplace<float>(Inputs.Key, 0, 0, 1, Inputs.Samples, Inputs.Size, noise);

    [Benchmark(Baseline = true, Description = "plain"), BenchmarkCategory("normal noise")]
    public void Normal_plain() => Plain<NormalVariate>();

    [Benchmark(Description = "kernel"), BenchmarkCategory("normal noise")]
    public void Normal_kernel() => CounterNoise.FillNormal<float>(Inputs.Key, 0, 0, 1, Inputs.Samples, Inputs.Size, noise);

    [Benchmark(Baseline = true, Description = "plain"), BenchmarkCategory("uniform noise")]
    public void Uniform_plain() => Plain<UniformVariate>();

    [Benchmark(Description = "kernel"), BenchmarkCategory("uniform noise")]
    public void Uniform_kernel() => CounterNoise.FillUniform<float>(Inputs.Key, 0, 0, 1, Inputs.Samples, Inputs.Size, noise);

    private void Plain<TVariate>() where TVariate : IVariate
    {
        for (int i = 0; i < noise.Length; i += 4)
        {
            var (first, second, third, fourth) = Philox.Words((uint)i, 0, 0, 0, 1);
            noise[i] = (float)TVariate.FromWord(first);
            noise[i + 1] = (float)TVariate.FromWord(second);
            noise[i + 2] = (float)TVariate.FromWord(third);
            noise[i + 3] = (float)TVariate.FromWord(fourth);
        }
    }
}
