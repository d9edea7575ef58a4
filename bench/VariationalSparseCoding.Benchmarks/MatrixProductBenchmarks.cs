using BenchmarkDotNet.Attributes;
using TorchSharp;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Torch.Tensors;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>The products of a layer of the inference network, [100, 512] to [100, 1024], on one thread.</summary>
public class MatrixProductBenchmarks
{
    private const int Outputs = 4 * Inputs.Size, Depth = 2 * Inputs.Size;
    private torch.Tensor inputs = null!, weight = null!, outputs = null!, gradient = null!;

    [GlobalSetup]
    public void Create()
    {
        torch.set_num_threads(1);
        (inputs, weight) = (torch.tensor(Inputs.Normal(0, Inputs.Rows * Depth), [Inputs.Rows, Depth]), torch.tensor(Inputs.Normal(1, Outputs * Depth), [Outputs, Depth]));
        (outputs, gradient) = (torch.zeros(Inputs.Rows, Outputs), torch.zeros(Outputs, Depth));
    }

    [Benchmark(Baseline = true, Description = "torch"), BenchmarkCategory("outputs of a layer")]
    public void Outputs_torch()
    {
        using var transposed = weight.t();
        outputs.addmm_(inputs, transposed, beta: 0);
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("outputs of a layer")]
    public void Outputs_kernel() => MatrixProduct.Multiply(Operand(inputs), Operand(weight).Transposed, Operand(outputs), Inputs.Rows, Outputs, Depth);

    [Benchmark(Baseline = true, Description = "torch"), BenchmarkCategory("gradient of its weights")]
    public void Gradient_torch()
    {
        using var transposed = outputs.t();
        gradient.addmm_(transposed, inputs, beta: 0);
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("gradient of its weights")]
    public void Gradient_kernel() => MatrixProduct.Multiply(Operand(outputs).Transposed, Operand(inputs), Operand(gradient), Outputs, Depth, Inputs.Rows);

    [GlobalCleanup]
    public void Free()
    {
        foreach (var tensor in new[] { inputs, weight, outputs, gradient }) tensor.Dispose();
    }

    private static MatrixOperand Operand(torch.Tensor matrix) => matrix.Rows().Operand;
}
