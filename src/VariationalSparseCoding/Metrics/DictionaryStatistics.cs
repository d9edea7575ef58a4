using System.Numerics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Metrics;

/// <summary>Norms and mutual angles of a dictionary's atoms, the columns of A.</summary>
public static class DictionaryStatistics
{
    /// <summary>The norm ||a_i|| of each atom.</summary>
    /// <param name="dictionary">A, [D, d].</param>
    /// <param name="atoms">d.</param>
    /// <returns>[d].</returns>
    public static double[] Norms<T>(ReadOnlySpan<T> dictionary, int atoms) where T : INumberBase<T>
    {
        RowMajor.Rows(dictionary, atoms, nameof(dictionary));
        double[] norms = new double[atoms];
        for (int i = 0; i < dictionary.Length; i++)
        {
            double value = double.CreateTruncating(dictionary[i]);
            norms[i % atoms] += value * value;
        }
        for (int i = 0; i < atoms; i++) norms[i] = Math.Sqrt(norms[i]);
        return norms;
    }

    /// <summary>The mutual coherence max over i != j of |a_i . a_j| / (||a_i|| ||a_j||).</summary>
    /// <param name="dictionary">A, [D, d].</param>
    /// <param name="atoms">d.</param>
    /// <returns>In [0, 1]; 0 for a single atom. An atom of norm 0 has cosine 0 with every other.</returns>
    public static double Coherence<T>(ReadOnlySpan<T> dictionary, int atoms) where T : INumberBase<T>
    {
        double[] cosines = Cosines(dictionary, dictionary, atoms, atoms);
        double coherence = 0;
        for (int i = 0; i < atoms; i++)
            for (int j = 0; j < i; j++) coherence = Math.Max(coherence, Math.Abs(cosines[i * atoms + j]));
        return coherence;
    }

    /// <summary>For each atom the greatest |cosine| to another atom. Memory grows with d, not with its square.</summary>
    /// <param name="dictionary">A, [D, d].</param>
    /// <param name="atoms">d.</param>
    /// <returns>[d], each in [0, 1]; 0 for a single atom and for atoms of norm 0.</returns>
    internal static double[] NearestCosines<T>(ReadOnlySpan<T> dictionary, int atoms) where T : INumberBase<T>
    {
        const int BlockAtoms = 256;
        int dimension = RowMajor.Rows(dictionary, atoms, nameof(dictionary));
        double[] units = UnitAtoms(dictionary, atoms), nearest = new double[atoms];
        for (int first = 0; first < atoms; first += BlockAtoms)
        {
            int count = Math.Min(BlockAtoms, atoms - first);
            double[] cosines = RowMajor.RowProducts(units[(first * dimension)..((first + count) * dimension)], units, dimension);
            for (int i = 0; i < count; i++)
                for (int j = 0; j < atoms; j++)
                    if (j != first + i) nearest[first + i] = Math.Max(nearest[first + i], Math.Min(1, Math.Abs(cosines[i * atoms + j])));
        }
        return nearest;
    }

    /// <summary>Pairs of atoms that say nearly the same, |cosine| > threshold, most similar first.</summary>
    /// <param name="dictionary">A, [D, d].</param>
    /// <param name="atoms">d.</param>
    /// <param name="threshold">In [0, 1).</param>
    /// <returns>The lower and the higher index of each pair, and the cosine of the angle between them.</returns>
    public static IReadOnlyList<(int First, int Second, double Cosine)> NearDuplicates<T>(ReadOnlySpan<T> dictionary, int atoms, double threshold = 0.9) where T : INumberBase<T>
    {
        double[] cosines = Cosines(dictionary, dictionary, atoms, atoms);
        var pairs = new List<(int First, int Second, double Cosine)>();
        for (int i = 0; i < atoms; i++)
            for (int j = i + 1; j < atoms; j++)
                if (Math.Abs(cosines[i * atoms + j]) > threshold) pairs.Add((i, j, cosines[i * atoms + j]));
        return [.. pairs.OrderByDescending(pair => Math.Abs(pair.Cosine))];
    }

    /// <summary>Cosines between the atoms of two dictionaries on the same inputs, [d1, d2]; 0 where an atom has norm 0.</summary>
    internal static double[] Cosines<T>(ReadOnlySpan<T> first, ReadOnlySpan<T> second, int firstAtoms, int secondAtoms) where T : INumberBase<T>
    {
        RowMajor.RequireLength(second, (long)RowMajor.Rows(first, firstAtoms, nameof(first)) * secondAtoms, nameof(second));
        return RowMajor.RowProducts(UnitAtoms(first, firstAtoms), UnitAtoms(second, secondAtoms), first.Length / firstAtoms);
    }

    /// <summary>The atoms at norm 1, or of zeros, [d, D].</summary>
    private static double[] UnitAtoms<T>(ReadOnlySpan<T> dictionary, int atoms) where T : INumberBase<T>
    {
        double[] units = RowMajor.Transposed(dictionary, atoms), norms = Norms(dictionary, atoms);
        int dimension = dictionary.Length / atoms;
        for (int i = 0; i < units.Length; i++)
            if (norms[i / dimension] is > 0 and var norm) units[i] /= norm;
        return units;
    }
}
