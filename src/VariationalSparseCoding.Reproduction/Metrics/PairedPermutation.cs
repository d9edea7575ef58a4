using System.Numerics;

namespace VariationalSparseCoding.Reproduction.Metrics;

/// <summary>The exact permutation test of paired differences, such as those of two methods over the same seeds.</summary>
internal static class PairedPermutation
{
    /// <summary>The most pairs whose signs are all tried.</summary>
    public const int MostPairs = 20;

    /// <summary>
    /// Returns the two-sided p-value: the part of all 2^n choices of signs under which the mean difference is at least as far from 0 as it is. With n pairs it is at least 2^(1 - n).
    /// </summary>
    /// <param name="differences">First less second of each pair, [n], from 1 to <see cref="MostPairs"/> of them.</param>
    public static double PValue(ReadOnlySpan<double> differences)
    {
        ArgumentOutOfRangeException.ThrowIfZero(differences.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(differences.Length, MostPairs);
        double sum = 0, size = 0;
        foreach (double difference in differences) (sum, size) = (sum + difference, size + Math.Abs(difference));
        // Sums that are equal but for rounding count as equal.
        double least = Math.Abs(sum) - 1e-12 * size, signed = sum;
        uint choices = 1u << differences.Length, signs = 0, extreme = 0;
        for (uint choice = 0; choice < choices; choice++)
        {
            if (Math.Abs(signed) >= least) extreme++;
            // Gray's code: one sign changes at a time.
            int changed = BitOperations.TrailingZeroCount(choice + 1);
            if (changed == differences.Length) break;
            signs ^= 1u << changed;
            signed += ((signs >> changed) & 1) == 1 ? -2 * differences[changed] : 2 * differences[changed];
        }
        return (double)extreme / choices;
    }
}
