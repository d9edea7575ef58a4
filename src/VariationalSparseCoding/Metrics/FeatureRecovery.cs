using System.Numerics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Metrics;

/// <summary>
/// How well learned features stand for known ones, feature by feature. Each known feature is judged as a classifier of the samples in which it is active by the learned one that it is
/// matched with; means are over the known features that are active at all and have a learned one, so that rare ones count as much as frequent ones, and fewer learned ones are judged by what they are.
/// </summary>
/// <param name="Precision">The mean part of a learned feature's active samples in which its known one is active; 0 for one that is never active, in [0, 1].</param>
/// <param name="Recall">The mean part of a known feature's active samples in which its learned one is active, in [0, 1].</param>
/// <param name="F1">The mean of 2 TP/(2 TP + FP + FN), in [0, 1].</param>
/// <param name="Uniqueness">Different known features among those that lie nearest to the learned ones by |cosine|, over the most that there can be, in (0, 1].</param>
/// <param name="Shrinkage">The mean of learned over known contributions, |z| ||a||, where both features are active: 1 where values are kept; NaN where none is.</param>
internal sealed record FeatureRecovery(double Precision, double Recall, double F1, double Uniqueness, double Shrinkage)
{
    /// <summary>Compares dictionaries and codes.</summary>
    /// <param name="match">The matching of the two dictionaries.</param>
    /// <param name="learned">Learned dictionary, [D, d learned].</param>
    /// <param name="codes">Learned codes, [N, d learned].</param>
    /// <param name="truth">Known dictionary, [D, d true].</param>
    /// <param name="trueCodes">Known codes, [N, d true].</param>
    public static FeatureRecovery Of(DictionaryMatch match, ReadOnlySpan<float> learned, ReadOnlySpan<float> codes, ReadOnlySpan<float> truth, ReadOnlySpan<float> trueCodes)
    {
        ArgumentNullException.ThrowIfNull(match);
        int trueAtoms = match.LearnedAtoms.Count, dimension = RowMajor.Rows(truth, trueAtoms, nameof(truth)), learnedAtoms = learned.Length / dimension;
        RowMajor.RequireLength(learned, (long)dimension * learnedAtoms, nameof(learned));
        int count = RowMajor.Rows(codes, learnedAtoms, nameof(codes));
        RowMajor.RequireLength(trueCodes, (long)count * trueAtoms, nameof(trueCodes));
        double[] learnedNorms = DictionaryStatistics.Norms(learned, learnedAtoms), trueNorms = DictionaryStatistics.Norms(truth, trueAtoms);
        long[] both = new long[trueAtoms], known = new long[trueAtoms], active = new long[learnedAtoms];
        double ratios = 0;
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<float> code = codes.Slice(row * learnedAtoms, learnedAtoms), trueCode = trueCodes.Slice(row * trueAtoms, trueAtoms);
            for (int i = 0; i < code.Length; i++)
                if (code[i] != 0) active[i]++;
            for (int i = 0; i < trueCode.Length; i++)
            {
                if (trueCode[i] == 0) continue;
                known[i]++;
                int matched = match.LearnedAtoms[i];
                if (matched < 0 || code[matched] == 0) continue;
                both[i]++;
                ratios += Math.Abs(code[matched]) * learnedNorms[matched] / (Math.Abs(trueCode[i]) * trueNorms[i]);
            }
        }
        double precision = 0, recall = 0, f1 = 0;
        int judged = 0;
        for (int i = 0; i < trueAtoms; i++)
        {
            if (known[i] == 0 || match.LearnedAtoms[i] < 0) continue;
            judged++;
            long predicted = active[match.LearnedAtoms[i]];
            if (predicted > 0) precision += (double)both[i] / predicted;
            recall += (double)both[i] / known[i];
            f1 += 2.0 * both[i] / (predicted + known[i]);
        }
        return new(precision / judged, recall / judged, f1 / judged, UniquenessOf(learned, learnedAtoms, truth, trueAtoms), ratios / both.Sum());
    }

    private static double UniquenessOf<T>(ReadOnlySpan<T> learned, int learnedAtoms, ReadOnlySpan<T> truth, int trueAtoms) where T : INumberBase<T>
    {
        double[] cosines = DictionaryStatistics.Cosines(learned, truth, learnedAtoms, trueAtoms);
        HashSet<int> nearest = [];
        for (int i = 0; i < learnedAtoms; i++)
        {
            int best = 0;
            for (int j = 1; j < trueAtoms; j++)
                if (Math.Abs(cosines[i * trueAtoms + j]) > Math.Abs(cosines[i * trueAtoms + best])) best = j;
            nearest.Add(best);
        }
        return (double)nearest.Count / Math.Min(learnedAtoms, trueAtoms);
    }
}
