using System.Text.Json;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Tests.Metrics;

public class KullbackLeiblerTests
{
    [Fact]
    public void Matches_the_reference_numbers()
    {
        JsonElement fixture = Fixtures.Read("metrics.json");
        foreach (var item in fixture.GetProperty("kl_gaussian").EnumerateArray())
            Assert.Equal(Number(item, "kl"), KullbackLeibler.Gaussian(Number(item, "mu"), Number(item, "log_variance"), Number(item, "variance0")), 1e-9);
        foreach (var item in fixture.GetProperty("kl_laplacian").EnumerateArray())
            Assert.Equal(Number(item, "kl"), KullbackLeibler.Laplacian(Number(item, "mu"), Number(item, "log_b"), Number(item, "b0")), 1e-9);

        static double Number(JsonElement item, string name) => item.GetProperty(name).GetDouble();
    }

    [Fact]
    public void Is_zero_only_where_posterior_and_prior_agree()
    {
        Assert.Equal(0, KullbackLeibler.Gaussian(0, Math.Log(0.1), 0.1), 1e-16);
        Assert.Equal(0, KullbackLeibler.Laplacian(0, Math.Log(0.1), 0.1), 1e-16);
        Assert.Equal(0, KullbackLeibler.Gamma(3, 12, 3, 12), 1e-14);
        Assert.Equal(0, KullbackLeibler.Bernoulli(0.1, 0.1), 1e-16);
        Assert.True(KullbackLeibler.Gaussian(1e-3, Math.Log(0.1), 0.1) > 0 && KullbackLeibler.Laplacian(1e-3, Math.Log(0.1), 0.1) > 0);
        Assert.True(KullbackLeibler.Gamma(3.01, 12, 3, 12) > 0 && KullbackLeibler.Bernoulli(0.11, 0.1) > 0);
    }

    [Theory]
    [InlineData(0.3, -1.7)]
    [InlineData(-0.9, -3.1)]
    [InlineData(0.05, 0.4)]
    public void Laplacian_agrees_with_quadrature(double mean, double logScale)
    {
        double scale = Math.Exp(logScale);
        double expected = Quadrature(-40, 40, x => Math.Exp(-Math.Abs(x - mean) / scale) / (2 * scale),
            x => Math.Log(0.1 / scale) + Math.Abs(x) / 0.1 - Math.Abs(x - mean) / scale);
        Assert.Equal(expected, KullbackLeibler.Laplacian(mean, logScale, 0.1), 1e-5);
    }

    [Theory]
    [InlineData(2.5, 4.0)]
    [InlineData(7.0, 30.0)]
    public void Gamma_agrees_with_quadrature(double shape, double rate)
    {
        double priorShape = 3, priorRate = 12;
        double logNormaliser = LogNormaliser(shape, rate), logPriorNormaliser = LogNormaliser(priorShape, priorRate);
        double expected = Quadrature(1e-9, 20, x => Math.Exp(logNormaliser + (shape - 1) * Math.Log(x) - rate * x),
            x => logNormaliser - logPriorNormaliser + (shape - priorShape) * Math.Log(x) - (rate - priorRate) * x);
        Assert.Equal(expected, KullbackLeibler.Gamma(shape, rate, priorShape, priorRate), 1e-6);

        static double LogNormaliser(double a, double b) => a * Math.Log(b) - SpecialFunctions.LogGamma(a);
    }

    [Fact]
    public void Bernoulli_is_finite_at_the_ends()
    {
        Assert.Equal(-Math.Log(0.9), KullbackLeibler.Bernoulli(0, 0.1), 1e-15);
        Assert.Equal(-Math.Log(0.1), KullbackLeibler.Bernoulli(1, 0.1), 1e-15);
    }

    private static double Quadrature(double from, double to, Func<double, double> density, Func<double, double> value)
    {
        const int steps = 400_000;
        double width = (to - from) / steps, sum = 0;
        for (int i = 0; i < steps; i++)
        {
            double x = from + (i + 0.5) * width, weight = density(x);
            if (weight > 0) sum += weight * value(x) * width;
        }
        return sum;
    }
}
