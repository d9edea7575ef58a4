using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using static TorchSharp.torch;

namespace VariationalSparseCoding.MapInference;

/// <summary>Some neighbouring samples in float64 with their products with the dictionary; one serves a thread.</summary>
/// <param name="dictionary">A, [D, d].</param>
internal sealed class SampleBlock(PackedMatrix dictionary)
{
    /// <summary>The most samples of a block. Their products with the dictionary are still in the cache when they are solved.</summary>
    public const int Size = 4 * PackedMatrix.RowBlock;

    private readonly AlignedVector samples = new(Size * dictionary.Rows);
    private readonly AlignedVector projections = new(Size * dictionary.ProductStride);

    /// <summary>Takes up samples.</summary>
    /// <param name="x">Samples, [B, D], float32 or float64, contiguous on the processor.</param>
    /// <param name="first">The first one's row.</param>
    /// <param name="count">How many, at most <see cref="Size"/>.</param>
    public void Load(Tensor x, int first, int count)
    {
        int size = dictionary.Rows, whole = (count + PackedMatrix.RowBlock - 1) / PackedMatrix.RowBlock * PackedMatrix.RowBlock;
        var values = samples.Span[..(whole * size)];
        if (x.dtype == ScalarType.Float32) Precision.Widen(x.Span<float>().Slice(first * size, count * size), values);
        else x.Span<double>().Slice(first * size, count * size).CopyTo(values);
        values[(count * size)..].Clear();
        dictionary.MultiplyFromLeft(values, projections.Span);
    }

    /// <summary>A^T x of a sample, [padded d].</summary>
    /// <param name="sample">Its place in the block.</param>
    public AlignedVector Projections(int sample) => projections.Slice(sample * dictionary.ProductStride, dictionary.ProductStride);

    /// <summary>||x||^2 of a sample.</summary>
    /// <param name="sample">Its place in the block.</param>
    public double SquaredNorm(int sample) => LassoKernels.SquaredNorm(samples.Span.Slice(sample * dictionary.Rows, dictionary.Rows));
}
