namespace VariationalSparseCoding.Tests;

/// <summary>Tests of samples whose seeds are fixed: they pass always or never.</summary>
internal static class Statistics
{
    /// <summary>Kolmogorov-Smirnov: the distance to the distribution function is exceeded with probability 2 exp(-2 1.95^2) = 0.001. Sorts the values.</summary>
    public static void AssertDistribution(double[] values, Func<double, double> distribution)
    {
        Array.Sort(values);
        double distance = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double expected = distribution(values[i]);
            distance = Math.Max(distance, Math.Max(expected - (double)i / values.Length, (i + 1.0) / values.Length - expected));
        }
        Assert.InRange(distance, 0, 1.95 / Math.Sqrt(values.Length));
    }

    /// <summary>The mean lies within 4 of its standard errors of the expected one.</summary>
    public static void AssertMean(double[] values, double expected)
    {
        double mean = values.Average(), error = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)) / values.Length);
        Assert.True(Math.Abs(mean - expected) <= 4 * error, $"expected {expected:R}, found {mean:R}, standard error {error:R}");
    }

    /// <summary>A frequency among trials lies within 4 standard errors of its probability.</summary>
    public static void AssertFrequency(long hits, long trials, double probability)
    {
        double found = (double)hits / trials, error = Math.Sqrt(probability * (1 - probability) / trials);
        Assert.True(Math.Abs(found - probability) <= 4 * error, $"expected {probability:R}, found {found:R}, standard error {error:R}");
    }
}
