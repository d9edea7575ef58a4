using BenchmarkDotNet.Attributes;
using TorchSharp;
using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>Inner loops of the solvers that work sample by sample, in float64, with 16 atoms in the support.</summary>
public class LassoBenchmarks
{
    private const int Support = 16, Block = 4 * PackedMatrix.RowBlock;
    private readonly double[] gram = Inputs.Exact(0, Inputs.Size * Inputs.Size), projections = Inputs.Exact(1, Inputs.Size), correlations = new double[Inputs.Size];
    private readonly double[] inverse = Inputs.Exact(2, Support * Support), vector = [.. Inputs.Exact(3, Support).Select(number => 1e-9 * number)], product = new double[Support];
    private readonly double[] samples = Inputs.Exact(4, Block * Inputs.Size), products = new double[Block * Inputs.Size];
    private readonly int[] rows = [.. Enumerable.Range(0, Support).Select(k => 15 * k)];
    private readonly PackedMatrix dictionary = new(Inputs.Exact(5, Inputs.Size * Inputs.Size), Inputs.Size, Inputs.Size);
    private torch.Tensor left = null!, right = null!;

    [GlobalSetup]
    public void Create()
    {
        torch.set_num_threads(1);
        (left, right) = (torch.tensor(samples, [Block, Inputs.Size]), torch.tensor(gram, [Inputs.Size, Inputs.Size]));
    }

    [Benchmark(Baseline = true, Description = "plain"), BenchmarkCategory("correlations")]
    public double Correlations_plain()
    {
        double largest = 0;
        for (int i = 0; i < correlations.Length; i++)
        {
            double sum = projections[i];
            for (int k = 0; k < rows.Length; k++) sum -= vector[k] * gram[rows[k] * Inputs.Size + i];
            correlations[i] = sum;
            largest = Math.Max(largest, Math.Abs(sum));
        }
        return largest;
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("correlations")]
    public double Correlations_kernel() => LassoKernels.SubtractRows(correlations, projections, gram, rows, vector);

    [Benchmark(Baseline = true, Description = "plain"), BenchmarkCategory("product with the inverse")]
    public void Product_plain()
    {
        for (int i = 0; i < Support; i++)
        {
            double sum = 0;
            for (int k = 0; k < Support; k++) sum += vector[k] * inverse[k * Support + i];
            product[i] = sum;
        }
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("product with the inverse")]
    public void Product_kernel() => LassoKernels.MultiplyRows(product, inverse, Support, vector);

    [Benchmark(Baseline = true, Description = "plain"), BenchmarkCategory("update of the inverse")]
    public void Update_plain()
    {
        for (int i = 0; i < Support; i++)
        {
            for (int k = 0; k < Support; k++) inverse[i * Support + k] += 1e-3 * vector[i] * vector[k];
        }
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("update of the inverse")]
    public void Update_kernel() => LassoKernels.AddOuterProduct(inverse, Support, Support, vector, 1e-3);

    [Benchmark(Baseline = true, Description = "torch, one thread"), BenchmarkCategory("products with the dictionary")]
    public void Dictionary_torch()
    {
        using var scope = torch.NewDisposeScope();
        left.mm(right);
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("products with the dictionary")]
    public void Dictionary_kernel() => dictionary.MultiplyFromLeft(samples, products);

    [GlobalCleanup]
    public void Free()
    {
        left.Dispose();
        right.Dispose();
    }
}
