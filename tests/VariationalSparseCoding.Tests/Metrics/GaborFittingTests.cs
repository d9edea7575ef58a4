using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Tests.MapInference;
using static VariationalSparseCoding.Tests.Metrics.Samples;

namespace VariationalSparseCoding.Tests.Metrics;

public class GaborFittingTests
{
    private const int Side = 16;

    private static GaborFunction RandomFunction(CounterRandom random)
    {
        return new(Between(0.5, 3), Between(4, 11), Between(4, 11), Between(0, Math.PI), Between(0.06, 0.35), Between(1.3, 3.5), Between(1.3, 4.5), Between(-Math.PI, Math.PI));

        double Between(double low, double high) => low + (high - low) * random.NextDouble();
    }

    private static double[] Image(GaborFunction function) => [.. Enumerable.Range(0, Side * Side).Select(pixel => function.At(pixel / Side, pixel % Side))];

    private static double[] AsDictionary(double[][] images) =>
        [.. Enumerable.Range(0, Side * Side).SelectMany(pixel => images.Select(image => image[pixel]))];

    [Fact]
    public void Known_functions_are_found_again()
    {
        var random = Samples.Random(1);
        GaborFunction[] functions = [.. Enumerable.Range(0, 60).Select(_ => RandomFunction(random))];
        var fits = GaborFitting.Fit<double>(AsDictionary(Array.ConvertAll(functions, Image)), functions.Length, Side);
        int missed = 0;
        for (int i = 0; i < functions.Length; i++)
        {
            double[] image = Image(functions[i]), fitted = Image(fits[i].Function);
            double energy = image.Sum(value => value * value), error = image.Zip(fitted, (a, b) => (a - b) * (a - b)).Sum();
            Assert.Equal(error / energy, fits[i].ResidualFraction, 1e-9);
            if (fits[i].ResidualFraction > 1e-6) missed++;
        }
        Assert.Equal(0, missed);
    }

    [Fact]
    public void Parameters_of_a_function_with_several_periods_are_unique()
    {
        var function = new GaborFunction(2, 6.5, 8.25, 0.7, 0.22, 3.2, 2.4, -1.1);
        var fit = GaborFitting.Fit<float>(Array.ConvertAll(Image(function), value => (float)value), 1, Side).Single();
        Assert.InRange(fit.ResidualFraction, 0, 1e-10);
        AssertClose(
            [function.Amplitude, function.CentreRow, function.CentreColumn, function.Orientation, function.Frequency, function.SpreadAlong, function.SpreadAcross, function.Phase],
            [fit.Function.Amplitude, fit.Function.CentreRow, fit.Function.CentreColumn, fit.Function.Orientation, fit.Function.Frequency, fit.Function.SpreadAlong, fit.Function.SpreadAcross, fit.Function.Phase],
            1e-4);
    }

    [Fact]
    public void Scale_and_sign_of_an_atom_do_not_change_the_shape()
    {
        double[] image = [.. Image(new GaborFunction(1, 8, 7, 2.5, 0.18, 2, 3, 0.4)).Zip(Normals(Side * Side, 2), (value, noise) => value + 0.05 * noise)];
        var fits = GaborFitting.Fit<double>(AsDictionary([image, Array.ConvertAll(image, value => -1e-3 * value)]), 2, Side);
        Assert.Equal(fits[0].ResidualFraction, fits[1].ResidualFraction, 1e-6);
        Assert.Equal(fits[0].Function.Orientation, fits[1].Function.Orientation, 1e-3);
        Assert.Equal(fits[0].Function.Amplitude * 1e-3, fits[1].Function.Amplitude, 1e-6);
    }

    [Fact]
    public void Noise_is_left_over_and_an_empty_atom_is_defined()
    {
        double[] signal = Image(new GaborFunction(1, 8, 7, 1.2, 0.15, 2.5, 3, 0.4)), noise = Normals(Side * Side, 3);
        double scale = Math.Sqrt(0.25 * signal.Sum(value => value * value) / noise.Sum(value => value * value));
        double[] noisy = [.. signal.Zip(noise, (value, draw) => value + scale * draw)];
        var fits = GaborFitting.Fit<double>(AsDictionary([noisy, new double[Side * Side], noise]), 3, Side);
        // A fifth of the energy is noise, and eight parameters take up a few of its 256 dimensions.
        Assert.InRange(fits[0].ResidualFraction, 0.13, 0.25);
        Assert.Equal(new GaborFit(default, 1), fits[1]);
        Assert.InRange(fits[2].ResidualFraction, 0.6, 1);
    }

    [Fact]
    public void Atoms_of_another_shape_are_refused() => Assert.Throws<ArgumentException>(() => GaborFitting.Fit<float>(new float[12], 1, 4));
}
