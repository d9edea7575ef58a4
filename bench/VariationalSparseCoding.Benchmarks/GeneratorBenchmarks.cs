using BenchmarkDotNet.Attributes;
using TorchSharp;
using VariationalSparseCoding.Torch.Networks;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>The generator's part of a step on images of 28 x 28, max selection: all samples differentiated, or the best of them after screening. One thread.</summary>
public class GeneratorBenchmarks
{
    private const int Batch = 128, Atoms = 64, Pixels = 28 * 28;
    private ConvolutionalGenerator generator = null!;
    private torch.Tensor inputs = null!, codes = null!;

    [GlobalSetup]
    public void Create()
    {
        torch.set_num_threads(1);
        generator = new(new(1, 28, 28), Atoms, seed: 1);
        inputs = torch.tensor(Inputs.Uniform(0, Batch * Pixels), [Batch, Pixels]);
        codes = torch.tensor(Inputs.Normal(1, Batch * Inputs.Samples * Atoms), [Batch, Inputs.Samples, Atoms]);
    }

    [Benchmark(Baseline = true, Description = "all samples differentiated"), BenchmarkCategory("convolutional generator")]
    public void All()
    {
        using var scope = torch.NewDisposeScope();
        var errors = (generator.Decode(codes.detach().requires_grad_()) - inputs.unsqueeze(1)).square().mean([-1]);
        errors.gather(1, errors.detach().argmin(1, keepdim: true)).mean().backward();
    }

    [Benchmark(Description = "screened, the best differentiated"), BenchmarkCategory("convolutional generator")]
    public void Screened()
    {
        using var scope = torch.NewDisposeScope();
        var best = generator.SquaredErrors(inputs, codes).argmin(1).reshape(-1, 1, 1).expand(-1, 1, Atoms);
        var selected = codes.gather(1, best).squeeze(1).requires_grad_();
        (generator.Decode(selected) - inputs).square().mean().backward();
    }

    [Benchmark(Description = "screening alone"), BenchmarkCategory("convolutional generator")]
    public void Screening() => generator.SquaredErrors(inputs, codes).Dispose();

    [GlobalCleanup]
    public void Free()
    {
        inputs.Dispose();
        codes.Dispose();
        generator.Dispose();
    }
}
