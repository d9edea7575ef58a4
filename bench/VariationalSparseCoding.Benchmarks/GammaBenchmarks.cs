using BenchmarkDotNet.Attributes;
using TorchSharp;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>Gamma variates of shapes about the prior's 3 and their implicit derivatives, against the tensor library's.</summary>
public class GammaBenchmarks
{
    private const int Rows = 8;
    private readonly float[] shapes = [.. Inputs.Uniform(0, Rows * Inputs.Size).Select(number => 2 + 2 * number)];
    private readonly float[] draws = new float[Rows * Inputs.Size], derivatives = new float[Rows * Inputs.Size];
    private torch.Tensor tensor = null!, ones = null!;

    [GlobalSetup]
    public void Draw()
    {
        torch.set_num_threads(1);
        (tensor, ones) = (torch.tensor(shapes, requires_grad: true), torch.ones(shapes.Length));
        Variates_kernel();
    }

    [Benchmark(Baseline = true, Description = "torch"), BenchmarkCategory("gamma variates")]
    public void Variates_torch()
    {
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        torch._standard_gamma(tensor);
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("gamma variates")]
    public void Variates_kernel() => GammaVariate.Draw<float>(Inputs.Key, 0, Rows, 1, Inputs.Size, shapes, draws);

    [Benchmark(Baseline = true, Description = "torch"), BenchmarkCategory("gamma variates and derivatives")]
    public void Derivatives_torch()
    {
        using var scope = torch.NewDisposeScope();
        torch.autograd.grad([torch._standard_gamma(tensor)], [tensor], [ones]);
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("gamma variates and derivatives")]
    public void Derivatives_kernel()
    {
        Variates_kernel();
        GammaDerivative.Fill<float>(Rows, 1, Inputs.Size, shapes, draws, derivatives);
    }

    [GlobalCleanup]
    public void Free()
    {
        tensor.Dispose();
        ones.Dispose();
    }
}
