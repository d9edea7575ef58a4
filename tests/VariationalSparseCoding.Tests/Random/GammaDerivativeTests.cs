using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.Random;

public class GammaDerivativeTests
{
    [Fact]
    public void Derivatives_match_the_fixture()
    {
        foreach (var expected in Fixtures.Read("equations_misc.json").GetProperty("gamma_derivatives_exact").EnumerateArray())
        {
            double found = GammaDerivative.At(expected.GetProperty("x").GetDouble(), expected.GetProperty("alpha").GetDouble());
            Assert.Equal(1, found / expected.GetProperty("dx_dalpha").GetDouble(), 1e-6);
        }
    }

    // Computed with 80 digits from the series of the distribution function. Each way of computing is met, on both sides of where it takes over.
    [Theory]
    [InlineData(1e-06, 1e-300, 6.9019831387824509e-292)]
    [InlineData(1e-06, 1e-10, 0.0022448636912316652)]
    [InlineData(1e-06, 0.5, 461455.85344023468)]
    [InlineData(1e-06, 6.9, 885161.59894026724)]
    [InlineData(1e-06, 7.1, 887787.74876405061)]
    [InlineData(1e-06, 20, 954374.4070910369)]
    [InlineData(0.01, 1e-30, 6.85166673319527e-27)]
    [InlineData(0.01, 0.1, 20.286806318297484)]
    [InlineData(0.01, 5, 87.319942753801519)]
    [InlineData(0.9, 1e-05, 0.00013187972072718494)]
    [InlineData(0.9, 0.8, 1.1223903130888185)]
    [InlineData(0.9, 9, 3.0216620667252941)]
    [InlineData(0.9, 25, 3.9967843407888631)]
    [InlineData(3, 13.5, 2.0385104150698273)]
    [InlineData(3, 14, 2.0663855193732742)]
    [InlineData(3, 30, 2.6858865891908734)]
    [InlineData(30, 10, 0.55224353328027334)]
    [InlineData(30, 29.5, 0.99714678093033333)]
    [InlineData(30, 30.5, 1.0139074327032463)]
    [InlineData(30, 55, 1.3408481463610888)]
    [InlineData(30, 57, 1.3624823060409595)]
    [InlineData(30, 75, 1.5354424796936324)]
    [InlineData(99, 60, 0.77171072318532835)]
    [InlineData(99, 99, 1.0016851923381204)]
    [InlineData(99, 135, 1.1650350231108618)]
    [InlineData(99, 160, 1.2612641654235068)]
    [InlineData(100, 60, 0.76750540273980507)]
    [InlineData(100, 99, 0.99664318973462292)]
    [InlineData(100, 104, 1.0214397420553231)]
    [InlineData(100, 106, 1.0311346336873514)]
    [InlineData(100, 135, 1.1594719426483074)]
    [InlineData(100, 160, 1.2554191648515344)]
    [InlineData(1e3, 850, 0.92109396962634543)]
    [InlineData(1e3, 999, 0.99966643319040235)]
    [InlineData(1e3, 1051, 1.0252480766971758)]
    [InlineData(1e3, 1150, 1.071686712436401)]
    [InlineData(1e4, 9600, 0.9797441965368693)]
    [InlineData(1e4, 10001, 1.0000666660000571)]
    [InlineData(1e4, 10500, 1.0246105229355059)]
    [InlineData(1e6, 994000, 0.9969941481004193)]
    [InlineData(1e6, 1e6, 1.0000001666666833)]
    [InlineData(1e6, 1000001, 1.0000006666666)]
    [InlineData(1e6, 1005000, 1.0024960108013726)]
    public void Derivatives_are_as_accurate_as_documented(double shape, double draw, double expected) =>
        Assert.Equal(1, GammaDerivative.At(draw, shape) / expected, shape < 100 ? 1e-8 : 3e-6);

    [Fact]
    public void Extreme_draws_have_finite_derivatives()
    {
        foreach (double shape in new[] { 1e-6, 1e-3, 0.5, 1, 50, 99.999 })
        {
            foreach (double draw in new[] { 2.2250738585072014e-308, 1.17549435e-38, 1e-3, 1, 100, 1e6 })
                Assert.InRange(GammaDerivative.At(draw, shape), 0, double.MaxValue);
        }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(3)]
    [InlineData(250)]
    public void Derivatives_of_moments_are_means_of_derivatives(double shape)
    {
        // E g = a and E g^2 = a (a + 1).
        const int rows = 100, samples = 20, features = 100, count = rows * samples * features;
        var shapes = Enumerable.Repeat(shape, rows * features).ToArray();
        double[] draws = new double[count], derivatives = new double[count];
        GammaVariate.Draw(new(5, NoisePurpose.Training, 1), 0, rows, samples, features, shapes, draws, 2);
        GammaDerivative.Fill<double>(rows, samples, features, shapes, draws, derivatives, 2);
        Statistics.AssertMean(derivatives, 1);
        Statistics.AssertMean([.. draws.Zip(derivatives, (g, d) => 2 * g * d)], 2 * shape + 1);
    }

    [Fact]
    public void Each_element_is_paired_with_the_shape_of_its_row_and_feature()
    {
        const int rows = 3, samples = 4, features = 5;
        float[] shapes = [.. Enumerable.Range(1, rows * features).Select(i => 0.3f * i)];
        float[] draws = [.. Enumerable.Range(1, rows * samples * features).Select(i => 0.1f * i)];
        var found = new float[draws.Length];
        foreach (int threads in new[] { 1, 2, 9 })
        {
            GammaDerivative.Fill<float>(rows, samples, features, shapes, draws, found, threads);
            for (int i = 0; i < found.Length; i++)
                Assert.Equal((float)GammaDerivative.At(draws[i], shapes[i / (samples * features) * features + i % features]), found[i]);
        }
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => GammaDerivative.Fill<float>(2, 3, 4, new float[8], new float[23], new float[24]));
        Assert.Throws<ArgumentException>(() => GammaDerivative.Fill<float>(2, 3, 4, new float[7], new float[24], new float[24]));
        Assert.Throws<ArgumentException>(() => GammaDerivative.Fill<float>(2, 3, 4, new float[8], new float[24], new float[25]));
    }
}
