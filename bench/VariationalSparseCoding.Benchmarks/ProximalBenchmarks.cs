using BenchmarkDotNet.Attributes;
using TorchSharp;
using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>An iteration of FISTA on a batch of codes of which few are active, against tensors on one thread.</summary>
public class ProximalBenchmarks
{
    private const float Momentum = 0.5f, Step = 0.01f, Threshold = 0.2f;
    private readonly float[] gram = Inputs.Normal(5, Inputs.Size * Inputs.Size), projections = Inputs.Normal(4, Inputs.Rows * Inputs.Size);
    private readonly float[] state = new float[Inputs.Rows * ProximalRow<float>.StateVectors * Inputs.Size], momenta = [Momentum], sums = new float[1];
    private readonly int[] support = new int[Inputs.Size];
    private torch.Tensor codes = null!, lastCodes = null!, correlations = null!, lastCorrelations = null!, projectionTensor = null!, gramTensor = null!;

    [GlobalSetup]
    public void Create()
    {
        torch.set_num_threads(1);
        (codes, lastCodes) = (Sparse(0), Sparse(1));
        (correlations, lastCorrelations) = (Batch(Inputs.Normal(2, Inputs.Rows * Inputs.Size)), Batch(Inputs.Normal(3, Inputs.Rows * Inputs.Size)));
        (projectionTensor, gramTensor) = (Batch(projections), torch.tensor(gram, [Inputs.Size, Inputs.Size]));
    }

    [Benchmark(Baseline = true, Description = "torch"), BenchmarkCategory("FISTA iteration of a batch")]
    public void Torch()
    {
        using var scope = torch.NewDisposeScope();
        var next = torch.nn.functional.softshrink(codes + Momentum * (codes - lastCodes) + Step * (correlations + Momentum * (correlations - lastCorrelations)), Threshold);
        _ = projectionTensor - next.mm(gramTensor);
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("FISTA iteration of a batch")]
    public void Kernel()
    {
        for (int row = 0; row < Inputs.Rows; row++)
        {
            // The state changes from call to call; the number of active codes settles at that of the threshold.
            new ProximalRow<float>
            {
                Atoms = Inputs.Size,
                Gram = gram,
                Projections = projections.AsSpan(row * Inputs.Size, Inputs.Size),
                State = state.AsSpan(row * ProximalRow<float>.StateVectors * Inputs.Size, ProximalRow<float>.StateVectors * Inputs.Size),
                Step = Step,
                Threshold = Threshold,
                Support = support,
            }.Iterate(0, momenta, sums, sums);
        }
    }

    [GlobalCleanup]
    public void Free()
    {
        foreach (var tensor in new[] { codes, lastCodes, correlations, lastCorrelations, projectionTensor, gramTensor }) tensor.Dispose();
    }

    private static torch.Tensor Batch(float[] values) => torch.tensor(values, [Inputs.Rows, Inputs.Size]);

    private static torch.Tensor Sparse(int stream) => Batch([.. Inputs.Normal(stream, Inputs.Rows * Inputs.Size).Select((value, i) => i % 10 == 0 ? value : 0)]);
}
