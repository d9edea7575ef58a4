using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Tests.Experiments;

public class GammaPriorTests
{
    // The Gaussian values were computed with 20 digits by adaptive quadrature.
    [Theory]
    [InlineData("laplacian", 3, 0.23025850929940457, 0.34633040700956566)]
    [InlineData("gaussian", 3, 0.52014838787555755, 0.83060360615422206)]
    [InlineData("gaussian", 3, 0.52, 0.83016306494663847)]
    [InlineData("gaussian", 0.5, 0.52014838787555755, 13.498198099287968)]
    public void The_mean_of_equal_activity_is_known(string family, double shape, double threshold, double expected) =>
        Assert.Equal(expected, GammaPrior.MeanOfEqualActivity(MethodTable.FindFamily(family)!, 0.1, shape, threshold), 1e-8 * expected);

    [Theory]
    [InlineData("laplacian")]
    [InlineData("gaussian")]
    public void A_narrow_prior_is_a_fixed_threshold(string family) =>
        Assert.Equal(0.4, GammaPrior.MeanOfEqualActivity(MethodTable.FindFamily(family)!, 0.1, 1e6, 0.4), 1e-5);

    [Theory]
    [InlineData("laplacian")]
    [InlineData("gaussian")]
    public void Scales_of_codes_scale_the_mean(string name)
    {
        var family = MethodTable.FindFamily(name)!;
        double square = family is GaussianMethods ? 49 : 7;
        Assert.Equal(7, GammaPrior.MeanOfEqualActivity(family, 0.1 * square, 2, 0.4 * 7) / GammaPrior.MeanOfEqualActivity(family, 0.1, 2, 0.4), 1e-12);
    }

    [Fact]
    public void Means_beyond_the_range_of_numbers_are_infinite()
    {
        Assert.Equal(double.PositiveInfinity, GammaPrior.MeanOfEqualActivity(new LaplacianMethods(), 0.1, 0.01, 1));
        Assert.Equal(double.PositiveInfinity, GammaPrior.MeanOfEqualActivity(new GaussianMethods(), 0.1, 0.01, 3));
        Assert.Equal(double.PositiveInfinity, GammaPrior.MeanOfEqualActivity(new GaussianMethods(), 0.1, 3, 100));
    }

    [Fact]
    public void Arguments_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => GammaPrior.MeanOfEqualActivity(new SpikeAndSlabMethods(), 0.1, 3, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => GammaPrior.MeanOfEqualActivity(new GaussianMethods(), 0, 3, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => GammaPrior.MeanOfEqualActivity(new GaussianMethods(), 0.1, 0.001, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => GammaPrior.MeanOfEqualActivity(new GaussianMethods(), 0.1, 3, 0));
    }

    [Theory]
    [InlineData("thresholded-gaussian-gamma", 3, 0.52, null)]
    [InlineData("thresholded-laplacian", 3, 0.25, "posterior.gammaPriorMatch: 'active-fraction' needs a method with learned thresholds")]
    [InlineData("spike-and-slab", 3, 0.25, "posterior.gammaPriorMatch: 'active-fraction' needs a method with learned thresholds")]
    [InlineData("thresholded-laplacian-gamma", 0.001, 0.25, "posterior.gammaPriorShape: must be at least 0.01 where the prior matches the active fraction, not 0.001")]
    [InlineData("thresholded-laplacian-gamma", 3, 1000, "posterior.gammaPriorMatch: no finite threshold keeps so few features active; lower posterior.thresholdValue")]
    [InlineData("thresholded-gaussian-gamma", 3, -1, "posterior.thresholdValue: must be a number above 0, not -1")]
    public void The_option_is_validated(string method, double shape, double threshold, string? error)
    {
        string json = $$"""{ "method": "{{method}}", "posterior": { "gammaPriorMatch": "active-fraction", "gammaPriorShape": {{shape}}, "thresholdValue": {{threshold}} } }""";
        var layer = ExperimentJson.ParseObject("test", System.Text.Encoding.UTF8.GetBytes(json));
        if (error is null) Assert.Equal(GammaPriorMatch.ActiveFraction, ExperimentJson.Resolve("test", layer).Posterior.GammaPriorMatch);
        else Assert.Equal("test: " + error, Assert.Throws<InvalidInputException>(() => ExperimentJson.Resolve("test", layer)).Message);
    }
}
