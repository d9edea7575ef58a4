using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Tests.Numerics;

public class GammaTailTests
{
    // Computed with 20 digits by adaptive quadrature.
    [Theory]
    [InlineData(0.01, 2, 0.9445211766903973)]
    [InlineData(0.1, 0.5, 0.8074172424611293)]
    [InlineData(1, 0.01, 0.9887184637346762)]
    [InlineData(3, 0.7, 0.3895386865229309)]
    [InlineData(5, 3, 0.01593185178412921)]
    [InlineData(10, 7, 1.846774038398404e-5)]
    [InlineData(130, 0.8, 0.2602291425626544)]
    [InlineData(1000, 2.1, 0.00310744992854365)]
    public void Means_match_adaptive_quadrature(double shape, double scale, double expected) =>
        Assert.Equal(1, GammaTail.MeanErfc(shape, scale) / expected, 1e-7);

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_narrow_distribution_is_almost_a_number(double scale)
    {
        // E f(l) = f(1) + f''(1)/(2a) + O(1/a^2).
        double expected = SpecialFunctions.Erfc(scale) + 2 * Math.Pow(scale, 3) / Math.Sqrt(Math.PI) * Math.Exp(-scale * scale) / 1e6;
        Assert.Equal(1, GammaTail.MeanErfc(1e6, scale) / expected, 1e-7);
    }

    [Fact]
    public void Probabilities_fall_with_the_threshold_and_stay_in_range()
    {
        foreach (double shape in new[] { 1e-6, 0.03, 0.7, 4, 119, 121, 1e6 })
        {
            double last = 1 + 1e-7;
            foreach (double scale in new[] { 0, 1e-12, 1e-6, 1e-3, 0.1, 0.5, 1, 2, 5, 1e2, 1e6, 1e15, double.PositiveInfinity })
            {
                double found = GammaTail.MeanErfc(shape, scale);
                Assert.InRange(found, 0, last);
                last = found + 1e-8;
            }
        }
        Assert.Equal(double.NaN, GammaTail.MeanErfc(double.NaN, 1));
    }
}
