using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.MapInference;

/// <summary>A^T A in float64 with rows padded for the kernels. Safe for reading from several threads.</summary>
internal sealed class PaddedGram
{
    private readonly AlignedVector values;

    /// <param name="dictionary">A, [D, d].</param>
    public PaddedGram(PackedMatrix dictionary)
    {
        (Atoms, Stride) = (dictionary.Columns, dictionary.ProductStride);
        values = new(checked(Atoms * Stride));
        Span<double> atoms = new double[PackedMatrix.RowBlock * dictionary.Rows], rows = new AlignedVector(PackedMatrix.RowBlock * Stride).Span;
        for (int first = 0; first < Atoms; first += PackedMatrix.RowBlock)
        {
            int count = Math.Min(PackedMatrix.RowBlock, Atoms - first);
            dictionary.CopyColumns(first, count, atoms);
            dictionary.MultiplyFromLeft(atoms, rows);
            rows[..(count * Stride)].CopyTo(values.Span[(first * Stride)..]);
        }
        for (int atom = 0; atom < Atoms; atom++) LargestSquaredNorm = Math.Max(LargestSquaredNorm, Row(atom)[atom]);
    }

    /// <summary>d.</summary>
    public int Atoms { get; }

    /// <summary>max_j ||a_j||^2.</summary>
    public double LargestSquaredNorm { get; }

    /// <summary>The padded length of a row.</summary>
    public int Stride { get; }

    /// <summary>All rows, [d, <see cref="Stride"/>].</summary>
    public ReadOnlySpan<double> Rows => values.Span;

    /// <summary>The inner products of an atom with all atoms, [<see cref="Stride"/>].</summary>
    public ReadOnlySpan<double> Row(int atom) => values.Span.Slice(atom * Stride, Stride);
}
