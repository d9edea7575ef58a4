using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Tests.Numerics;

public class PrecisionTests
{
    public static TheoryData<int> Lengths => [0, 1, 7, 16, 17, 33, 100];

    [Theory, MemberData(nameof(Lengths))]
    public void Conversions_are_those_of_the_language(int length)
    {
        double[] numbers = [.. Enumerable.Range(0, length).Select(i => Math.Sin(i) * Math.Pow(10, i % 60 - 30))];
        float[] narrow = new float[length];
        double[] wide = new double[length];
        Precision.Narrow(numbers, narrow);
        Assert.Equal(numbers.Select(number => (float)number), narrow);
        Precision.Widen(narrow, wide);
        Assert.Equal(narrow.Select(number => (double)number), wide);
    }

    [Theory, MemberData(nameof(Lengths))]
    public void One_number_that_is_not_finite_is_found_wherever_it_is(int length)
    {
        var single = Enumerable.Repeat(float.MaxValue, length).ToArray();
        var wide = Enumerable.Repeat(double.MinValue, length).ToArray();
        Assert.True(Precision.AllFinite<float>(single));
        Assert.True(Precision.AllFinite<double>(wide));
        for (int i = 0; i < length; i++)
        {
            single[i] = i % 2 == 0 ? float.NaN : float.NegativeInfinity;
            wide[i] = i % 2 == 0 ? double.PositiveInfinity : double.NaN;
            Assert.False(Precision.AllFinite<float>(single));
            Assert.False(Precision.AllFinite<double>(wide));
            (single[i], wide[i]) = (0, 0);
        }
    }
}
