using System.Numerics;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Metrics;

/// <summary>A linear dictionary that explains data from codes, for generators that have none (paper Fig. 6, 8, 20-23; SPEC 6.9).</summary>
public static class DictionaryEstimation
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
        using var scope = NewDisposeScope();
        Tensor gram = zeros([features, features], ScalarType.Float64), cross = zeros([dimension, features], ScalarType.Float64);
        foreach (var block in RowMajor.Blocks(count, Math.Max(dimension, features)))
        {
            using var inner = NewDisposeScope();
            Tensor x = RowMajor.ToTensor(block.Of(samples, dimension), dimension), z = RowMajor.ToTensor(block.Of(codes, features), features);
            gram.addmm_(z.t(), z);
            cross.addmm_(x.t(), z);
        }
        var (values, vectors) = linalg.eigh(gram);
        Tensor kept = values > cutoff * values.max();
        Tensor inverse = where(kept, 1 / values, zeros_like(values));
        return RowMajor.ToArray(cross.mm(vectors * inverse).mm(vectors.t()));
    }
}
