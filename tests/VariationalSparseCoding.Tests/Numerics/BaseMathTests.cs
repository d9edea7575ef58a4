using System.Runtime.Intrinsics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Tests.Numerics;

public class BaseMathTests
{
    [Fact]
    public void The_vector_logarithm_is_right_to_1e_7() => AssertRelativeError(1e-7, BaseMath.NegativeLog, v => -Math.Log(v));

    [Trait("Category", "Slow")]
    [Fact]
    public void The_vector_normal_magnitude_is_right_to_2e_7() => AssertRelativeError(2e-7, BaseMath.NormalMagnitude, BaseMath.NormalMagnitude);

    [Fact]
    public void The_magnitudes_of_probability_one_are_zero()
    {
        Assert.Equal(0, BaseMath.NegativeLog(Vector512<float>.One)[0]);
        Assert.Equal(0, BaseMath.NormalMagnitude(Vector512<float>.One)[0]);
        Assert.Equal(0, BaseMath.NormalMagnitude(1.0));
    }

    // sqrt(2) erfcinv(v), computed with 40 digits.
    [Theory]
    [InlineData(0.9999999, 1.2533141366558143071e-7)]
    [InlineData(0.9, 0.12566134685507400616)]
    [InlineData(0.5, 0.6744897501960817432)]
    [InlineData(0.15, 1.4395314709384559349)]
    [InlineData(0.1499, 1.4398847793193503896)]
    [InlineData(0.01, 2.5758293035489007538)]
    [InlineData(1e-6, 4.8916384756985903951)]
    [InlineData(2.3283064365386963e-10, 6.3379577545537892525)]
    public void The_double_normal_magnitude_is_right_to_1e_13(double v, double expected) =>
        Assert.InRange(BaseMath.NormalMagnitude(v) / expected, 1 - 1e-13, 1 + 1e-13);

    /// <summary>Over all probabilities that a word can give: evenly on the scale of the float's bits, and near 1 each of them.</summary>
    private static void AssertRelativeError(double tolerance, Func<Vector512<float>, Vector512<float>> function, Func<double, double> exact)
    {
        int least = BitConverter.SingleToInt32Bits(0.5f / 2147483648f), greatest = BitConverter.SingleToInt32Bits(1) - 1;
        double worst = 0;
        float at = 0;
        for (int bits = least; bits <= greatest; bits += greatest - bits < 100_000 ? 1 : 397)
        {
            float v = BitConverter.Int32BitsToSingle(bits);
            double error = Math.Abs(function(Vector512.Create(v))[3] / exact(v) - 1);
            if (error > worst) (worst, at) = (error, v);
        }
        Assert.True(worst <= tolerance, $"The relative error at {at:R} is {worst}.");
    }
}
