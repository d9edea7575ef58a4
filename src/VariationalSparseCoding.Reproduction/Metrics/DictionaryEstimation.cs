using System.Numerics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Reproduction.Metrics;

/// <summary>A linear dictionary that explains data from codes, for generators that have none (paper Fig. 6, 8, 20-23; docs/mathematics.md section 6.9).</summary>
internal static class DictionaryEstimation
{
    /// <summary>The least-squares dictionary A = (X^T Z/N) pinv(Z^T Z/N); neither X nor Z is centred.</summary>
    /// <param name="samples">X, [N, D].</param>
    /// <param name="dimension">D.</param>
    /// <param name="codes">Z, [N, d].</param>
    /// <param name="features">d.</param>
    /// <param name="cutoff">
    /// Eigenvalues of Z^T Z/N at or below this part of the largest count as zero, so that dead features get zero atoms and (nearly) dependent ones share theirs; the published code cuts off nothing
    /// and its dead features explode.
    /// </param>
    /// <returns>A, [D, d]; zeros where all codes are zero.</returns>
    public static double[] Estimate<T>(ReadOnlySpan<T> samples, int dimension, ReadOnlySpan<T> codes, int features, double cutoff = 1e-12) where T : INumberBase<T>
    {
        int count = RowMajor.Rows(samples, dimension, nameof(samples));
        RowMajor.RequireLength(codes, (long)count * features, nameof(codes));
        double[] gram = new double[(long)features * features], cross = new double[(long)dimension * features];
        foreach (var block in RowMajor.Blocks(count, Math.Max(dimension, features)))
        {
            double[] x = RowMajor.Transposed(block.Of(samples, dimension), dimension), z = RowMajor.Transposed(block.Of(codes, features), features);
            RowMajor.AddRowProducts(z, z, block.Count, gram);
            RowMajor.AddRowProducts(x, z, block.Count, cross);
        }
        var (values, vectors) = SymmetricEigen.Of(gram, features);
        double least = cutoff * values.Max();
        double[] scaled = RowMajor.RowProducts(cross, vectors, features);
        for (int i = 0; i < scaled.Length; i++)
        {
            double value = values[i % features];
            scaled[i] = value > least ? scaled[i] / value : 0;
        }
        return RowMajor.RowProducts(scaled, RowMajor.Transposed<double>(vectors, features), features);
    }
}
