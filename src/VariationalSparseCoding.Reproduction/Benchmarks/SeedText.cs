using System.Globalization;
using VariationalSparseCoding.Reproduction.Metrics;

namespace VariationalSparseCoding.Reproduction.Benchmarks;

/// <summary>Numbers over seeds, as the tables of benchmarks have them.</summary>
internal static class SeedText
{
    /// <summary>Returns the mean and, of several values, their standard deviation: "0.812 ± 0.003"; nothing if no value is a number.</summary>
    /// <param name="values">A value for each seed, at least one.</param>
    /// <param name="digits">Digits behind the point.</param>
    public static string Spread(double[] values, int digits)
    {
        if (values.All(double.IsNaN)) return "";
        double mean = values.Average();
        string text = Number(mean, digits);
        return values.Length < 2 ? text : $"{text} ± {Number(Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)), digits)}";
    }

    /// <summary>Whether two methods can be compared seed by seed.</summary>
    /// <param name="runs">Number of runs of one.</param>
    /// <param name="others">Number of runs of the other.</param>
    public static bool AreComparable(int runs, int others) => runs == others && runs is >= 2 and <= PairedPermutation.MostPairs;

    /// <summary>Returns the mean difference with its sign and the p-value of <see cref="PairedPermutation"/>: "+0.008 (p = 0.031)".</summary>
    /// <param name="differences">A difference for each seed.</param>
    /// <param name="digits">Digits behind the point.</param>
    public static string Difference(double[] differences, int digits)
    {
        string zeros = new('0', digits);
        return string.Create(CultureInfo.InvariantCulture, $"{differences.Average().ToString($"+0.{zeros};-0.{zeros};0", CultureInfo.InvariantCulture)} (p = {PairedPermutation.PValue(differences):G2})");
    }

    private static string Number(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);
}
