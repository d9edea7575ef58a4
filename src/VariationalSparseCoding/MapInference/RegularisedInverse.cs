using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.MapInference;

/// <summary>(A^T A + rho I)^-1. rho is the mean squared norm of the atoms, so that scaling the dictionary and lambda together changes nothing.</summary>
internal sealed class RegularisedInverse
{
    /// <summary>Computes the inverse.</summary>
    /// <param name="gram">A^T A, [d, d].</param>
    public RegularisedInverse(PaddedGram gram)
    {
        int size = gram.Stride;
        double meanSquaredNorm = 0;
        for (int atom = 0; atom < gram.Atoms; atom++) meanSquaredNorm += gram.Row(atom)[atom] / gram.Atoms;
        Penalty = meanSquaredNorm > 0 ? meanSquaredNorm : 1;

        // Padded with rho on the diagonal: what multiplies it is 0 there.
        AlignedVector factor = new(checked(size * size)), inverse = new(size * size);
        gram.Rows.CopyTo(factor.Span);
        for (int i = 0; i < size; i++) factor.Span[i * size + i] += Penalty;
        Cholesky.IsPositiveDefinite(factor.Span, size, size);
        Cholesky.Invert(factor.Span, inverse.Span, size, size);
        Matrix = new(inverse.Span, size, size);
    }

    /// <summary>rho.</summary>
    public double Penalty { get; }

    /// <summary>The inverse, [padded d, padded d].</summary>
    public PackedMatrix Matrix { get; }
}
