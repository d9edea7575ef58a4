using VariationalSparseCoding.Metrics;

namespace VariationalSparseCoding.Tests.Metrics;

public class CollapseTests
{
    [Fact]
    public void Counts_latents_that_are_near_zero_on_enough_samples()
    {
        // 20 samples: the latents are above 1e-2 on 0, 1, 2 and 20 of them.
        double[] divergences = [.. Enumerable.Range(0, 20).SelectMany(row => new[] { 0.01, row < 1 ? 0.011 : 0, row < 2 ? 0.5 : 1e-3, 3 })];
        var result = Collapse.Posterior<double>(divergences, 4);
        Assert.Equal([true, true, false, false], result.Collapsed);
        Assert.Equal(0.5, result.Fraction);
        Assert.Equal([true, true, true, false], Collapse.Posterior<double>(divergences, 4, share: 0.9).Collapsed);
        Assert.Equal([true, true, true, true], Collapse.Posterior<double>(divergences, 4, tolerance: 3).Collapsed);
    }

    [Fact]
    public void Features_collapse_by_magnitude()
    {
        float[] codes = [.. Enumerable.Range(0, 40).SelectMany(row => new[] { -0.009f, -0.5f, row < 3 ? -1 : 0 })];
        Assert.Equal([true, false, false], Collapse.Feature<float>(codes, 3).Collapsed);
        Assert.Equal(1, Collapse.Feature<float>(new float[8], 4).Fraction);
    }

    [Fact]
    public void Undefined_divergences_do_not_count_as_collapsed() =>
        Assert.Equal([false, true], Collapse.Posterior<double>([double.NaN, 0], 2).Collapsed);
}
