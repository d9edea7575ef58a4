using VariationalSparseCoding.Metrics;

namespace VariationalSparseCoding.Tests.Metrics;

public class CodeQualityTests
{
    [Fact]
    public void A_case_worked_out_by_hand()
    {
        // Means are (2, 1); distances from them (-2, 2), (2, -2), (0, 0); so the variance is 16.
        float[] samples = [0, 3, 4, -1, 2, 1], reconstructions = [0, 3, 2, -1, 2, 0];
        float[] codes = [1, 0, 0, -2, 0.5f, 0, 0.1f, 0, 0];
        var quality = CodeQuality.Of(samples, reconstructions, 2, codes, 3);
        Assert.Equal(3, quality.Samples);
        Assert.Equal(5.0 / 16, quality.UnexplainedFraction, 1e-12);
        Assert.Equal(11.0 / 16, quality.ExplainedVariance, 1e-12);
        Assert.Equal(4.0 / 3, quality.L0, 1e-12);
        Assert.Equal((1 + 9 / Math.Sqrt(17 * 5) + 2 / Math.Sqrt(5)) / 3, quality.Cosine, 1e-12);
        Assert.Equal((3 + Math.Sqrt(5) + 2) / (3 + Math.Sqrt(17) + Math.Sqrt(5)), quality.NormRatio, 1e-12);
        Assert.Equal([1, 1.0 / 3, 0], quality.FiringRates);
        Assert.Equal(1, quality.Dead);
        Assert.Equal(2, quality.Dense);
    }

    [Fact]
    public void Firing_rates_are_counted_by_half_powers_of_ten()
    {
        // Of 50 samples the features have 0, 1, 2, 25 and all.
        int[] active = [0, 1, 2, 25, 50];
        float[] codes = [.. Enumerable.Range(0, 50).SelectMany(row => active.Select(rows => row < rows ? 1f : 0))];
        var quality = CodeQuality.Of(new float[50], new float[50], 1, codes, active.Length);
        Assert.Equal([0, 0.02, 0.04, 0.5, 1], quality.FiringRates);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 2], quality.Histogram);
    }

    [Fact]
    public void Samples_of_zeros_have_no_undefined_numbers()
    {
        var quality = CodeQuality.Of(new float[4], new float[4], 2, new float[6], 3);
        Assert.Equal((0, 0, 0, 0), (quality.UnexplainedFraction, quality.L0, quality.Cosine, quality.NormRatio));
        Assert.Equal(3, quality.Dead);
    }

    [Fact]
    public void The_nearest_atom_is_found_whatever_the_sign()
    {
        // Columns: (1, 0), (0, 2), (-3, 3), (0, 0).
        float[] dictionary = [1, 0, -3, 0, 0, 2, 3, 0];
        double half = Math.Sqrt(0.5);
        Assert.Equal([half, half, half, 0], DictionaryStatistics.NearestCosines<float>(dictionary, 4).Select(cosine => Math.Round(cosine, 12)).Select((cosine, i) => Math.Abs(cosine - half) < 1e-9 && i < 3 ? half : cosine));
        Assert.Equal([0], DictionaryStatistics.NearestCosines<float>([1, 2], 1));
    }
}
