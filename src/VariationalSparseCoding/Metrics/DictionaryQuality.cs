namespace VariationalSparseCoding.Metrics;

/// <summary>Norms of a dictionary's atoms, and how alike they are.</summary>
/// <param name="LeastNorm">The least norm of an atom.</param>
/// <param name="MeanNorm">The mean norm.</param>
/// <param name="GreatestNorm">The greatest norm.</param>
/// <param name="MeanNearestCosine">The greatest |cosine| of an atom to another, the mean over atoms.</param>
/// <param name="GreatestNearestCosine">The same, the greatest over atoms.</param>
internal sealed record DictionaryQuality(double LeastNorm, double MeanNorm, double GreatestNorm, double MeanNearestCosine, double GreatestNearestCosine)
{
    /// <summary>Measures a dictionary.</summary>
    /// <param name="dictionary">A, [D, d].</param>
    /// <param name="atoms">d.</param>
    public static DictionaryQuality Of(ReadOnlySpan<float> dictionary, int atoms)
    {
        double[] norms = DictionaryStatistics.Norms(dictionary, atoms), nearest = DictionaryStatistics.NearestCosines(dictionary, atoms);
        return new(norms.Min(), norms.Average(), norms.Max(), nearest.Average(), nearest.Max());
    }
}
