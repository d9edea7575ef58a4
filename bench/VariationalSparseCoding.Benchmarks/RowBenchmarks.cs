using BenchmarkDotNet.Attributes;
using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>What surrounds the products of a layer of the inference network.</summary>
public class RowBenchmarks
{
    private readonly float[] outputs = Inputs.Normal(0, Inputs.Rows * Inputs.Size), gradients = Inputs.Normal(1, Inputs.Rows * Inputs.Size);
    private const float Unchanged = 1;
    private readonly float[] sums = new float[Inputs.Size], divisors = [.. Enumerable.Repeat(Unchanged, Inputs.Rows * Inputs.Size)];

    [Benchmark(Baseline = true, Description = "plain"), BenchmarkCategory("ReLU's mask")]
    public void Mask_plain()
    {
        for (int i = 0; i < outputs.Length; i++) gradients[i] = outputs[i] > 0 ? gradients[i] : 0;
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("ReLU's mask")]
    public void Mask_kernel() => RowKernels.MaskByRelu(gradients, outputs);

    [Benchmark(Baseline = true, Description = "plain"), BenchmarkCategory("sums of rows")]
    public void Sums_plain()
    {
        sums.AsSpan().Clear();
        for (int i = 0; i < gradients.Length; i++) sums[i % Inputs.Size] += gradients[i];
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("sums of rows")]
    public void Sums_kernel() => RowKernels.SumRows(gradients, 0, sums, Inputs.Size);

    [Benchmark(Baseline = true, Description = "plain"), BenchmarkCategory("sum of squares")]
    public float Squares_plain()
    {
        float sum = 0;
        foreach (float number in gradients) sum += number * number;
        return sum;
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("sum of squares")]
    public float Squares_kernel() => RowKernels.SumOfSquares(gradients);

    [Benchmark(Baseline = true, Description = "plain"), BenchmarkCategory("scaling")]
    public void Scale_plain()
    {
        for (int i = 0; i < outputs.Length; i++) outputs[i] *= Unchanged;
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("scaling")]
    public void Scale_kernel() => RowKernels.Scale(outputs, Unchanged);

    [Benchmark(Baseline = true, Description = "plain"), BenchmarkCategory("division")]
    public void Divide_plain()
    {
        for (int i = 0; i < outputs.Length; i++) outputs[i] /= divisors[i];
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("division")]
    public void Divide_kernel() => RowKernels.Divide(outputs, divisors);
}
