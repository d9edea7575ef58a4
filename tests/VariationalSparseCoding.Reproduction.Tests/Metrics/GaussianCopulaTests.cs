using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Reproduction.Metrics;
using static VariationalSparseCoding.Tests.Metrics.Samples;

namespace VariationalSparseCoding.Reproduction.Tests.Metrics;

public class GaussianCopulaTests
{
    private static double[] Correlated(int count, double correlation, ulong seed)
    {
        double[] normals = Normals(2 * count, seed);
        for (int i = 0; i < count; i++) normals[2 * i + 1] = correlation * normals[2 * i] + Math.Sqrt(1 - correlation * correlation) * normals[2 * i + 1];
        return normals;
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(-0.8)]
    public void Gaussian_pairs_have_their_known_information(double correlation)
    {
        var estimate = GaussianCopula.Estimate<double>(Correlated(20_000, correlation, 1), 2);
        // Standard error of -1/2 log(1 - r^2) is |r|/sqrt(N) nats.
        Assert.Equal(-0.5 * Math.Log2(1 - correlation * correlation), estimate.TotalCorrelationBits, 4 * Math.Abs(correlation) / Math.Sqrt(20_000) / Math.Log(2));
    }

    [Fact]
    public void Increasing_functions_of_a_feature_change_nothing()
    {
        double[] codes = Correlated(500, 0.5, 2);
        double[] transformed = [.. codes.Select((value, i) => i % 2 == 0 ? Math.Exp(3 * value) : value * value * value)];
        Assert.Equal(GaussianCopula.Estimate<double>(codes, 2).TotalCorrelationBits, GaussianCopula.Estimate<double>(transformed, 2).TotalCorrelationBits, 1e-12);
    }

    [Fact]
    public void Independent_features_have_none_where_the_plug_in_has_many_bits()
    {
        const int count = 2000, features = 64;
        var estimate = GaussianCopula.Estimate<double>(SoftThreshold(Laplacians(count * features, 0.1, 3), 0.05), features);
        Assert.InRange(estimate.PlugInBits, 0.6, 0.9);
        // Standard deviation of -1/2 log det R is sqrt(d(d-1)/2)/(2N) nats to first order in each squared correlation.
        Assert.Equal(0, estimate.TotalCorrelationBits, 5 * Math.Sqrt(features * (features - 1) / 2.0) / Math.Sqrt(2) / count / Math.Log(2));
        Assert.True(MultiInformation.Estimate<double>(SoftThreshold(Laplacians(count * features, 0.1, 3), 0.05), features).MultiInformationBits > 50);
    }

    [Fact]
    public void An_exact_copy_is_stopped_by_the_floor_and_reported()
    {
        double[] codes = [.. Normals(300, 4).SelectMany(value => new[] { value, 2 * value })];
        var estimate = GaussianCopula.Estimate<double>(codes, 2);
        Assert.Equal(1, estimate.FlooredEigenvalues);
        Assert.Equal(-0.5 * Math.Log2(2 * GaussianCopula.EigenvalueFloor), estimate.PlugInBits, 1e-6);
    }

    [Fact]
    public void Constant_features_are_left_out()
    {
        double[] codes = Correlated(400, 0.6, 5);
        double[] padded = [.. Enumerable.Range(0, 400).SelectMany(i => new[] { codes[2 * i], 0, codes[2 * i + 1] })];
        var estimate = GaussianCopula.Estimate<double>(padded, 3);
        Assert.Equal(2, estimate.Features);
        Assert.Equal(GaussianCopula.Estimate<double>(codes, 2).TotalCorrelationBits, estimate.TotalCorrelationBits, 1e-12);
        Assert.Equal(new GaussianCopulaEstimate(0, 0, 0, 0), GaussianCopula.Estimate<float>(new float[12], 3));
    }

    [Fact]
    public void Too_few_samples_and_undefined_codes_are_refused()
    {
        Assert.Contains("more than 3 samples", Assert.Throws<InvalidInputException>(() => GaussianCopula.Estimate<double>(Normals(9, 6), 3)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => GaussianCopula.Estimate<double>([1, double.NaN], 1));
    }
}
