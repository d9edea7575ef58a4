namespace VariationalSparseCoding.Reporting.Tests;

public class NumbersTests
{
    [Theory]
    [InlineData(118.4321, "118.4")]
    [InlineData(-2.5, "−2.500")]
    [InlineData(0, "0")]
    [InlineData(0.00123456, "0.001235")]
    [InlineData(1.5e-7, "1.50e−7")]
    [InlineData(2.5e9, "2.50e+9")]
    [InlineData(16000, "16000")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.NegativeInfinity, "−∞")]
    public void Four_significant_digits(double value, string text) => Assert.Equal(text, Numbers.Text(value));

    [Fact]
    public void A_small_value_is_never_shown_as_zero() => Assert.Equal("0.01230", Numbers.Text(0.0123, decimals: 1));

    [Theory]
    [InlineData(0.1234, "12.3 %")]
    [InlineData(0.0821, "8.21 %")]
    [InlineData(0, "0.00 %")]
    [InlineData(1, "100.0 %")]
    [InlineData(double.NaN, "–")]
    public void Percentages(double fraction, string text) => Assert.Equal(text, Numbers.Percent(fraction));

    [Fact]
    public void Decimals_follow_the_largest_finite_value() => Assert.Equal(1, Numbers.Decimals([0.001, double.NaN, -131.3, double.PositiveInfinity]));
}
