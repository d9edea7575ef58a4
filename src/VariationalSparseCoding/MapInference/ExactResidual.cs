using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.MapInference;

/// <summary>
/// x - A z with the products' and sums' rounding carried along, and its correlations: where codes are large and nearly cancel, c from the Gram matrix is rounding. One
/// serves a thread.
/// </summary>
/// <param name="dictionary">A, [D, d].</param>
internal sealed class ExactResidual(PackedMatrix dictionary)
{
    private readonly double[] column = new double[dictionary.Rows], low = new double[dictionary.Rows];
    // Rows of which the first is r and the others are 0, as the product takes them, and their products.
    private readonly double[] residual = new double[PackedMatrix.RowBlock * dictionary.Rows];
    private readonly AlignedVector products = new(PackedMatrix.RowBlock * dictionary.ProductStride);

    /// <summary>Computes c = A^T(x - A z).</summary>
    /// <param name="x">The sample, [D].</param>
    /// <param name="support">The atoms of z's support.</param>
    /// <param name="values">Their codes.</param>
    /// <param name="correlations">Receives c, [padded d].</param>
    /// <returns>||x - A z||^2.</returns>
    public double Compute(ReadOnlySpan<double> x, ReadOnlySpan<int> support, ReadOnlySpan<double> values, Span<double> correlations)
    {
        var high = residual.AsSpan(0, x.Length);
        x.CopyTo(high);
        Array.Clear(low);
        for (int k = 0; k < support.Length; k++)
        {
            dictionary.CopyColumns(support[k], 1, column);
            for (int i = 0; i < column.Length; i++)
            {
                double product = column[i] * values[k], difference = high[i] - product, back = difference - high[i];
                low[i] += high[i] - (difference - back) - (product + back) - Math.FusedMultiplyAdd(column[i], values[k], -product);
                high[i] = difference;
            }
        }
        for (int i = 0; i < high.Length; i++) high[i] += low[i];
        dictionary.MultiplyFromLeft(residual, products.Span);
        products.Span[..correlations.Length].CopyTo(correlations);
        return LassoKernels.SquaredNorm(high);
    }
}
