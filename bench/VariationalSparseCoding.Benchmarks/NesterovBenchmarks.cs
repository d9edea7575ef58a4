using BenchmarkDotNet.Attributes;
using TorchSharp;
using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>A Nesterov step of one layer's weights, against a plain loop and the tensor library's optimiser.</summary>
public class NesterovBenchmarks
{
    private const int Length = 2 * Inputs.Size * 4 * Inputs.Size;
    private readonly float[] parameter = Inputs.Normal(0, Length), gradient = Inputs.Normal(1, Length), buffer = new float[Length];
    private TorchSharp.Modules.Parameter tensor = null!;
    private torch.optim.Optimizer optimiser = null!;

    [GlobalSetup]
    public void Create()
    {
        torch.set_num_threads(1);
        tensor = new(torch.tensor(parameter));
        tensor.grad = torch.tensor(gradient);
        optimiser = torch.optim.SGD([tensor], 1e-9, 0.9, nesterov: true);
    }

    [Benchmark(Baseline = true, Description = "plain"), BenchmarkCategory("Nesterov step")]
    public void Plain()
    {
        for (int i = 0; i < parameter.Length; i++)
        {
            buffer[i] = 0.9f * buffer[i] + gradient[i];
            parameter[i] -= 1e-9f * (gradient[i] + 0.9f * buffer[i]);
        }
    }

    [Benchmark(Description = "torch"), BenchmarkCategory("Nesterov step")]
    public void Torch()
    {
        using var scope = torch.NewDisposeScope();
        optimiser.step();
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("Nesterov step")]
    public void Kernel() => NesterovStep.Apply(parameter, gradient, buffer, 1e-9f, 0.9f);

    [GlobalCleanup]
    public void Free()
    {
        optimiser.Dispose();
        tensor.Dispose();
    }
}
