using BenchmarkDotNet.Attributes;
using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>Spike-and-slab samples of one input at the prior: 10% of the features are active.</summary>
public class SpikeAndSlabBenchmarks
{
    private static readonly SlabAnneal Anneal = new(1, 0, 0.5f);
    private readonly float[] shift = Inputs.Normal(0, Inputs.Size), scale = Inputs.Uniform(1, Inputs.Size), off = [.. Enumerable.Repeat(0.9f, Inputs.Size)];
    private readonly float[] normal = Inputs.Normal(2, Inputs.Size), uniform = Inputs.Uniform(3, Inputs.Size);
    private readonly float[] x = Inputs.Normal(4, Inputs.Size), atoms = Inputs.Normal(5, Inputs.Size * Inputs.Size), codes = new float[Inputs.Size];
    private readonly SparseCode sparse = new(Inputs.Size);

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
}
