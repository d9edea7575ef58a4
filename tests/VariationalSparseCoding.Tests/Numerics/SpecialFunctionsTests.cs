using static VariationalSparseCoding.Numerics.SpecialFunctions;

namespace VariationalSparseCoding.Tests.Numerics;

public class SpecialFunctionsTests
{
    // Reference values from 90-digit decimal arithmetic.
    [Theory]
    [InlineData(0.1, 0.88753708398171516)]
    [InlineData(0.5, 0.47950012218695348)]
    [InlineData(1, 0.15729920705028513)]
    [InlineData(2, 0.0046777349810472662)]
    [InlineData(3.5, 7.4309837234141278e-07)]
    [InlineData(6, 2.1519736712498913e-17)]
    [InlineData(10, 2.0884875837625449e-45)]
    [InlineData(26, 5.6631924088561432e-296)]
    public void Erfc_and_erf(double x, double expected)
    {
        AssertRelative(expected, Erfc(x), 1e-13);
        AssertRelative(2 - expected, Erfc(-x), 1e-15);
        AssertRelative(1 - expected, Erf(x), 4e-16 / (1 - expected));
        Assert.Equal(-Erf(x), Erf(-x));
    }

    [Theory]
    [InlineData(1e-12)]
    [InlineData(1e-300)]
    public void Erf_of_tiny_arguments_keeps_its_digits(double x) => AssertRelative(2 / Math.Sqrt(Math.PI) * x, Erf(x), 1e-15);

    [Fact]
    public void Limits_of_the_error_functions()
    {
        Assert.Equal((0, 1, -1, 1, 0, 2), (Erf(0), Erf(double.PositiveInfinity), Erf(double.NegativeInfinity), Erfc(0), Erfc(double.PositiveInfinity), Erfc(double.NegativeInfinity)));
        Assert.True(double.IsNaN(Erf(double.NaN)) && double.IsNaN(Erfc(double.NaN)));
    }

    [Fact]
    public void LogP1_and_ExpM1_keep_small_arguments()
    {
        foreach (double x in (double[])[1e-300, -1e-20, 1e-10, -3e-9, 1e-5])
        {
            AssertRelative(x - x * x / 2 + x * x * x / 3, LogP1(x), 1e-15);
            AssertRelative(x + x * x / 2 + x * x * x / 6, ExpM1(x), 1e-15);
        }
        AssertRelative(Math.Log(3.7), LogP1(2.7), 1e-15);
        AssertRelative(Math.E - 1, ExpM1(1), 1e-15);
        Assert.Equal((0, 0, double.NegativeInfinity, -1, double.PositiveInfinity, double.PositiveInfinity),
            (LogP1(0), ExpM1(0), LogP1(-1), ExpM1(double.NegativeInfinity), LogP1(double.PositiveInfinity), ExpM1(1000)));
    }

    [Fact]
    public void LogErf_is_exact_for_small_and_large_arguments()
    {
        AssertRelative(Math.Log(2 / Math.Sqrt(Math.PI) * 1e-200), LogErf(1e-200), 1e-15);
        AssertRelative(-2.1519736712498913e-17, LogErf(6), 1e-13);
        Assert.Equal(double.NegativeInfinity, LogErf(0));
        AssertRelative(Math.Log(1 - 0.47950012218695348), LogErf(0.5), 1e-14);
    }

    [Theory]
    [InlineData(0.975, 1.9599639845400545)]
    [InlineData(0.9, 1.2815515655446004)]
    [InlineData(0.3, -0.52440051270804066)]
    public void NormalQuantile_known_values(double probability, double expected) => AssertRelative(expected, NormalQuantile(probability), 1e-14);

    [Fact]
    public void NormalQuantile_inverts_the_distribution_function_down_to_the_far_tail()
    {
        foreach (double p in (double[])[1e-300, 1e-100, 1e-20, 1e-6, 0.01, 0.2, 0.2499, 0.2501, 0.4, 0.49999])
            AssertRelative(p, 0.5 * Erfc(-NormalQuantile(p) / Math.Sqrt(2)), 1e-13 * Math.Max(1, -Math.Log(p)));
        Assert.Equal((double.NegativeInfinity, double.PositiveInfinity, 0.0), (NormalQuantile(0), NormalQuantile(1), Math.Abs(NormalQuantile(0.5))));
        Assert.True(double.IsNaN(NormalQuantile(-0.1)) && double.IsNaN(NormalQuantile(double.NaN)));
        // Near one half the quantile is sqrt(2 pi) (p - 1/2); 2^-40 is exact in 1/2 - 2^-40.
        double small = Math.ScaleB(1, -40);
        AssertRelative(-Math.Sqrt(2 * Math.PI) * small, NormalQuantile(0.5 - small), 1e-14);
    }

    [Theory]
    [InlineData(0.5, 0.57236494292470008707)]
    [InlineData(1e-10, 23.025850929882735)]
    [InlineData(3, 0.69314718055994530942)]
    [InlineData(10, 12.801827480081469611)]
    [InlineData(100, 359.1342053695753988)]
    [InlineData(0.25, 1.2880225246980774573)]
    [InlineData(1.5, -0.12078223763524522235)]
    [InlineData(2.5, 0.28468287047291915963)]
    public void LogGamma_known_values(double x, double expected) => AssertRelative(expected, LogGamma(x), 1e-13);

    [Fact]
    public void LogGamma_has_relative_accuracy_about_its_zeros_and_obeys_the_recurrence()
    {
        const double eulerGamma = 0.57721566490153286061;
        double e = Math.ScaleB(1, -30);
        AssertRelative(-eulerGamma * e + Math.PI * Math.PI / 12 * e * e, LogGamma(1 + e), 1e-14);
        AssertRelative((1 - eulerGamma) * e + (Math.PI * Math.PI / 6 - 1) / 2 * e * e, LogGamma(2 + e), 1e-14);
        Assert.Equal((0.0, 0.0), (LogGamma(1), LogGamma(2)));
        for (double x = 0.07; x < 30; x += 0.31) Assert.Equal(LogGamma(x) + Math.Log(x), LogGamma(x + 1), 1e-12);
        Assert.True(double.IsNaN(LogGamma(0)) && double.IsNaN(LogGamma(-1)));
    }

    [Fact]
    public void Trigamma_known_values_and_derivative_of_digamma()
    {
        AssertRelative(Math.PI * Math.PI / 6, Trigamma(1), 1e-14);
        AssertRelative(Math.PI * Math.PI / 2, Trigamma(0.5), 1e-14);
        AssertRelative(1e16, Trigamma(1e-8), 1e-14);
        AssertRelative(1e-9, Trigamma(1e9), 1e-9);
        foreach (double x in (double[])[0.3, 2.7, 9.99, 10.01, 500])
            AssertRelative((Digamma(x * (1 + 1e-5)) - Digamma(x * (1 - 1e-5))) / (2e-5 * x), Trigamma(x), 1e-8);
        Assert.True(double.IsNaN(Trigamma(0)) && double.IsNaN(Trigamma(-1)));
    }

    [Fact]
    public void Digamma_known_values_and_derivative_of_log_gamma()
    {
        const double eulerGamma = 0.57721566490153286061;
        AssertRelative(-eulerGamma, Digamma(1), 1e-14);
        AssertRelative(-eulerGamma - 2 * Math.Log(2), Digamma(0.5), 1e-14);
        AssertRelative(1 - eulerGamma, Digamma(2), 1e-14);
        Assert.Equal(0, Digamma(1.4616321449683623413), 1e-14);
        AssertRelative(-1e8 - eulerGamma, Digamma(1e-8), 1e-15);
        for (double x = 0.3; x < 40; x *= 1.3)
            Assert.Equal((LogGamma(x * (1 + 1e-5)) - LogGamma(x * (1 - 1e-5))) / (2e-5 * x), Digamma(x), 1e-8 * (1 + 1 / x));
    }

    private static void AssertRelative(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"expected {expected:R}, was {actual:R}");
}
