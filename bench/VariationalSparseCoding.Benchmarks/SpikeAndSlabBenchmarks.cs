using BenchmarkDotNet.Attributes;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>Spike-and-slab samples of one input at the prior: 10% of the features are active.</summary>
public class SpikeAndSlabBenchmarks
{
    private const float KlWeight = 0.01f;
    private static readonly SpikePrior Prior = new(0.1f, 0.1f, HeadIsLogProbability: false);
    private static readonly SlabAnneal Anneal = new(1, 0, 0.5f);
    private readonly float[] shift = Inputs.Normal(0, Inputs.Size), scale = Inputs.Uniform(1, Inputs.Size), off = [.. Enumerable.Repeat(0.9f, Inputs.Size)];
    private readonly float[] normal = Inputs.Normal(2, Inputs.Size), uniform = Inputs.Uniform(3, Inputs.Size);
    private readonly float[] x = Inputs.Normal(4, Inputs.Size), atoms = Inputs.Normal(5, Inputs.Size * Inputs.Size), codes = new float[Inputs.Size];
    private readonly SparseCode sparse = new(Inputs.Size);
    private readonly float[] logScale = [.. Inputs.Uniform(6, Inputs.Size).Select(number => -2 - number)], spike = [.. Inputs.Normal(7, Inputs.Size).Select(number => number - 2)];
    private readonly float[] gradients = Inputs.Normal(8, Inputs.Size), shiftGradient = new float[Inputs.Size], scaleGradient = new float[Inputs.Size], spikeGradient = new float[Inputs.Size];

    [Benchmark(Baseline = true, Description = "plain"), BenchmarkCategory("spike-and-slab scoring")]
    public float Plain()
    {
        for (int i = 0; i < codes.Length; i++) codes[i] = uniform[i] > off[i] ? shift[i] + normal[i] * (scale[i] + Anneal.Rest) : 0;
        return Decoding.SquaredError(x, atoms, codes);
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("spike-and-slab scoring")]
    public float Kernel()
    {
        SpikeAndSlabKernel.SparseCodes(new() { Shift = shift, Scale = scale, Off = off }, Anneal, normal, uniform, sparse);
        return sparse.SquaredError(x, atoms);
    }

    [Benchmark(Baseline = true, Description = "plain"), BenchmarkCategory("spike-and-slab pullback")]
    public float Pullback_plain()
    {
        float divergence = 0;
        for (int i = 0; i < shift.Length; i++)
        {
            float gamma = Math.Clamp(1 / (1 + MathF.Exp(-spike[i])), 1e-6f, 1 - 1e-6f), variance = MathF.Exp(logScale[i]);
            float slab = 0.5f * ((shift[i] * shift[i] + variance) / Prior.Spread - 1 - logScale[i] + MathF.Log(Prior.Spread));
            float on = MathF.Log(gamma / Prior.Probability), away = MathF.Log((1 - gamma) / (1 - Prior.Probability));
            divergence += gamma * slab + (1 - gamma) * away + gamma * on;
            float concrete = 1 / (1 + MathF.Exp(-(MathF.Log(uniform[i] / (1 - uniform[i])) + spike[i]) / Anneal.Temperature));
            float active = uniform[i] > off[i] ? 1 : 0, sample = shift[i] + normal[i] * (scale[i] + Anneal.Rest);
            shiftGradient[i] = gradients[i] * active * Anneal.NoiseScale + KlWeight * gamma * shift[i] / Prior.Spread;
            scaleGradient[i] = gradients[i] * active * normal[i] * scale[i] * 0.5f + KlWeight * gamma * 0.5f * (variance / Prior.Spread - 1);
            spikeGradient[i] = gradients[i] * sample * concrete * (1 - concrete) / Anneal.Temperature + KlWeight * (slab + on - away) * gamma * (1 - gamma);
        }
        return divergence;
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("spike-and-slab pullback")]
    public float Pullback_kernel() => SpikeAndSlabKernel.Pullback(
        new() { Shift = shift, Scale = scale, Off = off }, new() { Shift = shift, Scale = logScale, Spike = spike }, Anneal, Prior,
        new() { Normal = normal, Uniform = uniform, CodeGradients = gradients, KlWeight = KlWeight }, new() { Shift = shiftGradient, Scale = scaleGradient, Spike = spikeGradient });
}
