using System.Numerics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Reproduction.Metrics;

/// <summary>Total correlation of a Gaussian copula fitted to codes, in bits.</summary>
/// <param name="PlugInBits">-1/2 log2 det R of the normal scores' correlation matrix R; biased upwards by about d(d-1)/(4N) nats.</param>
/// <param name="IndependenceBits">What the plug-in gives in expectation for independent features of this number and these samples.</param>
/// <param name="Features">Features that vary; constant ones carry no information and are left out.</param>
/// <param name="FlooredEigenvalues">Eigenvalues of R below the floor, each of which would make the plug-in infinite; 0 unless features (nearly) determine each other.</param>
internal sealed record GaussianCopulaEstimate(double PlugInBits, double IndependenceBits, int Features, int FlooredEigenvalues)
{
    /// <summary>The plug-in without its bias under independence; for weakly dependent features it scatters about the truth and may be slightly negative.</summary>
    public double TotalCorrelationBits => PlugInBits - IndependenceBits;
}

/// <summary>
/// Total correlation by a Gaussian copula: each feature's ranks become normal scores, whose correlation matrix gives the value. Unlike the plug-in multi-information it does
/// not saturate at log2 N and does not grow with the number of independent features.
/// </summary>
/// <remarks>
/// Limits. It sees monotone dependence of pairs only: features whose magnitudes depend on each other while their signs are independent count as independent, so for symmetric sparse
/// codes give it magnitudes as well. Tied values (the exact zeros of a sparse code) share their mean rank, which weakens the measured dependence. It is exact for Gaussian data passed through increasing functions.
/// </remarks>
internal static class GaussianCopula
{
    /// <summary>Eigenvalues of the correlation matrix below this count as this: one exact linear dependence reads as 16.6 bits.</summary>
    public const double EigenvalueFloor = 1e-10;

    /// <summary>Estimates -1/2 log2 det R and its bias: for N independent normal samples det R is a product of Beta((N-1-i)/2, i/2) variables, i = 1 .. d-1.</summary>
    /// <param name="codes">Codes, [N, d], finite.</param>
    /// <param name="features">d.</param>
    /// <exception cref="InvalidInputException">There are not more samples than varying features, or a code is not a number.</exception>
    public static GaussianCopulaEstimate Estimate<T>(ReadOnlySpan<T> codes, int features) where T : unmanaged, INumber<T>
    {
        int rows = RowMajor.Rows(codes, features, nameof(codes));
        double[] scores = RowMajor.Transposed(codes, features);
        if (scores.Contains(double.NaN)) throw new InvalidInputException("The codes hold NaN; check that training has not diverged.");
        double[] quantiles = [.. Enumerable.Range(0, 2 * rows + 1).AsParallel().AsOrdered().Select(twice => SpecialFunctions.NormalQuantile((twice + 1) / (2.0 * rows + 2)))];
        bool[] varies = new bool[features];
        Parallel.For(0, features, feature => varies[feature] = ToUnitScores(scores.AsSpan(feature * rows, rows), quantiles));
        int[] varying = [.. Enumerable.Range(0, features).Where(feature => varies[feature])];
        if (varying.Length < 2) return new GaussianCopulaEstimate(0, 0, varying.Length, 0);
        if (rows <= varying.Length)
            throw new InvalidInputException($"A Gaussian copula of {varying.Length} features needs more than {varying.Length} samples; there are {rows}: encode more samples.");

        double[] eigenvalues = CorrelationEigenvalues(scores, rows, varying);
        double bits = -0.5 * eigenvalues.Sum(value => Math.Log2(Math.Max(value, EigenvalueFloor)));
        double bias = -0.5 * Enumerable.Range(1, varying.Length - 1).Sum(i => SpecialFunctions.Digamma(0.5 * (rows - 1 - i)) - SpecialFunctions.Digamma(0.5 * (rows - 1)));
        return new GaussianCopulaEstimate(bits, bias / Math.Log(2), varying.Length, eigenvalues.Count(value => value < EigenvalueFloor));
    }

    private static double[] CorrelationEigenvalues(double[] scores, int rows, int[] varying)
    {
        double[] kept = new double[(long)varying.Length * rows];
        for (int i = 0; i < varying.Length; i++) scores.AsSpan(varying[i] * rows, rows).CopyTo(kept.AsSpan(i * rows));
        return SymmetricEigen.Of(RowMajor.RowProducts(kept, kept, rows), varying.Length).Values;
    }

    /// <summary>Replaces a feature's values by normal scores of their mean ranks, of mean 0 and norm 1; false (and undefined scores) where the feature is constant.</summary>
    private static bool ToUnitScores(Span<double> values, double[] quantiles)
    {
        int[] order = new int[values.Length];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        double[] sorted = values.ToArray();
        Array.Sort(sorted, order);
        if (sorted[0] == sorted[^1]) return false;
        for (int start = 0; start < sorted.Length;)
        {
            int end = start + 1;
            while (end < sorted.Length && sorted[end] == sorted[start]) end++;
            // Positions start .. end-1 share the mean rank (start + end + 1)/2 of 1 .. N.
            for (int i = start; i < end; i++) values[order[i]] = quantiles[start + end];
            start = end;
        }
        double mean = 0, energy = 0;
        foreach (double score in values) mean += score / values.Length;
        foreach (ref double score in values) energy += (score -= mean) * score;
        double scale = 1 / Math.Sqrt(energy);
        foreach (ref double score in values) score *= scale;
        return true;
    }
}
