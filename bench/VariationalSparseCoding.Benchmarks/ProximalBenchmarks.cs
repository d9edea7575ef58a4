using BenchmarkDotNet.Attributes;
using TorchSharp;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>An iteration of FISTA on a batch of codes of which one in ten is active, against tensors on one thread.</summary>
public class ProximalBenchmarks
{
    private const float Momentum = 0.5f, Step = 0.01f, Threshold = 0.2f;
    private torch.Tensor codes = null!, lastCodes = null!, correlations = null!, lastCorrelations = null!, projections = null!, gram = null!, next = null!;

    [GlobalSetup]
    public void Create()
    {
        torch.set_num_threads(1);
        (codes, lastCodes) = (Sparse(0), Sparse(1));
        (correlations, lastCorrelations, projections) = (Batch(2), Batch(3), Batch(4));
        gram = torch.tensor(Inputs.Normal(5, Inputs.Size * Inputs.Size), [Inputs.Size, Inputs.Size]);
        next = torch.zeros(Inputs.Rows, Inputs.Size);
    }

    [Benchmark(Baseline = true, Description = "torch"), BenchmarkCategory("proximal step")]
    public void Step_torch()
    {
        using var scope = torch.NewDisposeScope();
        torch.nn.functional.softshrink(codes + Momentum * (codes - lastCodes) + Step * (correlations + Momentum * (correlations - lastCorrelations)), Threshold);
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("proximal step")]
    public void Step_kernel() => ProximalKernels.Step(codes.Span<float>(), correlations.Span<float>(), lastCodes.Span<float>(), lastCorrelations.Span<float>(), Momentum, Step, Threshold, next.Span<float>());

    [Benchmark(Baseline = true, Description = "torch"), BenchmarkCategory("correlations of a batch")]
    public void Correlations_torch()
    {
        using var scope = torch.NewDisposeScope();
        _ = projections - codes.mm(gram);
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("correlations of a batch")]
    public void Correlations_kernel() => ProximalKernels.Correlate(projections.Span<float>(), gram.Span<float>(), codes.Span<float>(), next.Span<float>(), Inputs.Size);

    [GlobalCleanup]
    public void Free()
    {
        foreach (var tensor in new[] { codes, lastCodes, correlations, lastCorrelations, projections, gram, next }) tensor.Dispose();
    }

    private static torch.Tensor Batch(int stream) => torch.tensor(Inputs.Normal(stream, Inputs.Rows * Inputs.Size), [Inputs.Rows, Inputs.Size]);

    private static torch.Tensor Sparse(int stream) => torch.tensor([.. Inputs.Normal(stream, Inputs.Rows * Inputs.Size).Select((value, i) => i % 10 == 0 ? value : 0)], [Inputs.Rows, Inputs.Size]);
}
