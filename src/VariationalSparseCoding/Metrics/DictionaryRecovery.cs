using System.Numerics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Metrics;

/// <summary>A one-to-one matching of a learned dictionary's atoms with those of a known one.</summary>
/// <param name="LearnedAtoms">For each true atom the index of its learned atom, -1 where fewer atoms were learned, [d true].</param>
/// <param name="Cosines">For each true atom the cosine to its learned atom, negative where the sign is flipped, 0 where it has none, [d true].</param>
internal sealed record DictionaryMatch(IReadOnlyList<int> LearnedAtoms, IReadOnlyList<double> Cosines)
{
    /// <summary>Mean over true atoms of |cosine|, in [0, 1].</summary>
    public double MeanAbsoluteCosine => Cosines.Average(Math.Abs);

    /// <summary>Part of the true atoms with |cosine| above the threshold, in [0, 1].</summary>
    /// <param name="threshold">The usual 0.95.</param>
    public double FractionRecovered(double threshold = 0.95) => Cosines.Average(cosine => Math.Abs(cosine) > threshold ? 1.0 : 0.0);
}

/// <summary>How well supports of learned codes agree with the known ones, counted over all samples and features.</summary>
/// <param name="TruePositives">Active in both.</param>
/// <param name="FalsePositives">Active in the learned code only, including learned atoms without a true one.</param>
/// <param name="FalseNegatives">Active in the true code only, including true atoms without a learned one.</param>
internal sealed record SupportRecovery(long TruePositives, long FalsePositives, long FalseNegatives)
{
    /// <summary>True positives over all active learned codes; 1 where none is active.</summary>
    public double Precision => Ratio(TruePositives, TruePositives + FalsePositives);

    /// <summary>True positives over all active true codes; 1 where none is active.</summary>
    public double Recall => Ratio(TruePositives, TruePositives + FalseNegatives);

    /// <summary>Harmonic mean of precision and recall, 2 TP/(2 TP + FP + FN); 1 where no code is active.</summary>
    public double F1 => Ratio(2 * TruePositives, 2 * TruePositives + FalsePositives + FalseNegatives);

    private static double Ratio(long part, long whole) => whole == 0 ? 1 : (double)part / whole;
}

/// <summary>Recovery of a known dictionary and of the supports of its codes, up to the order and sign of the atoms.</summary>
internal static class DictionaryRecovery
{
    /// <summary>Matches atoms so that the sum of |cosine| is greatest (optimal assignment).</summary>
    /// <param name="learned">Learned dictionary, [D, d learned].</param>
    /// <param name="learnedAtoms">d learned.</param>
    /// <param name="truth">Known dictionary, [D, d true].</param>
    /// <param name="trueAtoms">d true; may differ from the learned number.</param>
    public static DictionaryMatch Match<T>(ReadOnlySpan<T> learned, int learnedAtoms, ReadOnlySpan<T> truth, int trueAtoms) where T : INumberBase<T>
    {
        bool enough = learnedAtoms >= trueAtoms;
        double[] cosines = enough
            ? DictionaryStatistics.Cosines(truth, learned, trueAtoms, learnedAtoms)
            : DictionaryStatistics.Cosines(learned, truth, learnedAtoms, trueAtoms);
        int rows = Math.Min(learnedAtoms, trueAtoms), columns = Math.Max(learnedAtoms, trueAtoms);
        int[] columnOf = Assignment.Minimise(Array.ConvertAll(cosines, cosine => -Math.Abs(cosine)), rows, columns);
        int[] matches = new int[trueAtoms];
        double[] matchedCosines = new double[trueAtoms];
        Array.Fill(matches, -1);
        for (int row = 0; row < rows; row++)
        {
            int trueAtom = enough ? row : columnOf[row];
            matches[trueAtom] = enough ? columnOf[row] : row;
            matchedCosines[trueAtom] = cosines[row * columns + columnOf[row]];
        }
        return new DictionaryMatch(matches, matchedCosines);
    }

    /// <summary>Compares supports (codes that are not exactly zero) after matching.</summary>
    /// <param name="match">The matching of the two dictionaries.</param>
    /// <param name="codes">Learned codes, [N, d learned].</param>
    /// <param name="learnedAtoms">d learned.</param>
    /// <param name="trueCodes">Known codes, [N, d true].</param>
    public static SupportRecovery Support<T>(DictionaryMatch match, ReadOnlySpan<T> codes, int learnedAtoms, ReadOnlySpan<T> trueCodes) where T : INumber<T>
    {
        ArgumentNullException.ThrowIfNull(match);
        int trueAtoms = match.LearnedAtoms.Count, count = RowMajor.Rows(codes, learnedAtoms, nameof(codes));
        RowMajor.RequireLength(trueCodes, (long)count * trueAtoms, nameof(trueCodes));
        long active = 0, trueActive = 0, truePositives = 0;
        foreach (T code in codes)
            if (!T.IsZero(code)) active++;
        for (int i = 0; i < trueCodes.Length; i++)
        {
            if (T.IsZero(trueCodes[i])) continue;
            trueActive++;
            int row = i / trueAtoms, trueAtom = i % trueAtoms, learnedAtom = match.LearnedAtoms[trueAtom];
            if (learnedAtom < 0 || T.IsZero(codes[row * learnedAtoms + learnedAtom])) continue;
            truePositives++;
        }
        return new SupportRecovery(truePositives, active - truePositives, trueActive - truePositives);
    }
}
