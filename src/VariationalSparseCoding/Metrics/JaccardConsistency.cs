using System.Numerics;
using System.Runtime.Intrinsics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Metrics;

/// <summary>How consistently repeated stochastic passes use the same features for one input (paper section 4.1, Fig. 5; docs/mathematics.md section 6.6): the Jaccard index, not the distance of the published code.</summary>
internal static class JaccardConsistency
{
    /// <summary>Features that count: those with ||a_i||^2 above the threshold.</summary>
    /// <param name="dictionary">A, [D, d].</param>
    /// <param name="features">d.</param>
    /// <param name="threshold">On the squared norm; the paper's 0.1.</param>
    /// <returns>For each feature whether it counts, [d].</returns>
    public static bool[] UsedFeatures<T>(ReadOnlySpan<T> dictionary, int features, double threshold = 0.1) where T : INumber<T> =>
        [.. DictionaryStatistics.Norms(dictionary, features).Select(norm => norm * norm > threshold)];

    /// <summary>
    /// For each input the mean over the J(J-1) ordered pairs of different passes of |S_m and S_n| / |S_m or S_n|, where S is the set of used features whose code is not
    /// exactly zero. Two empty supports agree: index 1.
    /// </summary>
    /// <param name="codes">Codes of each input's passes, [N, J, d].</param>
    /// <param name="passes">J, at least 2.</param>
    /// <param name="usedFeatures">Which features count, [d].</param>
    /// <returns>Mean index of each input in [0, 1], [N].</returns>
    public static double[] PerInput<T>(ReadOnlySpan<T> codes, int passes, ReadOnlySpan<bool> usedFeatures) where T : unmanaged, INumber<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(passes, 2);
        int features = usedFeatures.Length, words = (features + 63) / 64;
        double[] means = new double[RowMajor.Rows(codes, passes * features, nameof(codes))];
        ulong[] used = new ulong[words];
        for (int i = 0; i < features; i++)
            if (usedFeatures[i]) used[i / 64] |= 1UL << (i % 64);
        RowMajor.ForEachRow(codes, passes * features, (input, values) => means[input] = MeanIndex(values, passes, features, used));
        return means;
    }

    /// <summary>
    /// The expected index of two independent supports in which each feature is active with the same probability p: p / (2 - p), but 1 where both are empty. Features that are
    /// active unequally often agree somewhat more.
    /// </summary>
    /// <param name="activity">p, the share of active features.</param>
    /// <param name="features">d.</param>
    public static double OfIndependentSupports(double activity, int features)
    {
        double empty = Math.Pow(1 - activity, 2 * features);
        return empty + (1 - empty) * activity / (2 - activity);
    }

    private static double MeanIndex<T>(ReadOnlySpan<T> codes, int passes, int features, ulong[] used) where T : unmanaged, INumber<T>
    {
        ulong[] supports = new ulong[passes * used.Length];
        int[] sizes = new int[passes];
        for (int pass = 0; pass < passes; pass++)
        {
            Span<ulong> support = supports.AsSpan(pass * used.Length, used.Length);
            FillSupport(codes.Slice(pass * features, features), support);
            for (int word = 0; word < used.Length; word++) sizes[pass] += BitOperations.PopCount(support[word] &= used[word]);
        }
        double sum = 0;
        for (int first = 0; first < passes; first++)
            for (int second = 0; second < first; second++)
            {
                int shared = 0;
                for (int word = 0; word < used.Length; word++)
                    shared += BitOperations.PopCount(supports[first * used.Length + word] & supports[second * used.Length + word]);
                int union = sizes[first] + sizes[second] - shared;
                sum += union == 0 ? 1 : (double)shared / union;
            }
        return sum / (passes * (passes - 1) / 2);
    }

    private static void FillSupport<T>(ReadOnlySpan<T> codes, Span<ulong> support) where T : unmanaged, INumber<T>
    {
        for (int word = 0; word < support.Length; word++)
        {
            ReadOnlySpan<T> group = codes.Slice(word * 64, Math.Min(64, codes.Length - word * 64));
            ulong bits = 0;
            int i = 0;
            for (; i + Vector256<T>.Count <= group.Length; i += Vector256<T>.Count)
                bits |= (ulong)(~Vector256.Equals(Vector256.Create(group[i..]), Vector256<T>.Zero)).ExtractMostSignificantBits() << i;
            for (; i < group.Length; i++)
                if (!T.IsZero(group[i])) bits |= 1UL << i;
            support[word] = bits;
        }
    }
}
