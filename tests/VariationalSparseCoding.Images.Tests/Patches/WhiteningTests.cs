using System.Numerics;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Images.Patches;

namespace VariationalSparseCoding.Images.Tests.Patches;

public class WhiteningTests
{
    [Fact]
    public void The_filter_gives_the_reference_numbers()
    {
        var reference = Fixtures.Read("equations_misc.json").GetProperty("whitening");
        var image = reference.GetProperty("image");
        double[] expected = reference.GetProperty("whitened_before_scaling").Numbers();
        Complex[] memory = [];
        double[] whitened = Whitening.Filter<double>(new GrayImage("reference", (int)image.Shape()[0], (int)image.Shape()[1], Array.ConvertAll(image.Numbers(), value => (float)value)), ref memory);
        Assert.Equal(expected.Length, whitened.Length);
        Assert.All(expected.Zip(whitened), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    [Theory]
    [InlineData(5, 7)]
    [InlineData(6, 9)]
    [InlineData(9, 4)]
    [InlineData(1, 8)]
    [InlineData(7, 1)]
    public void The_filter_is_the_definition_at_odd_and_even_sizes(int height, int width)
    {
        var image = TestImages.Noise(height, width);
        // What an image before left in the memory must not matter.
        Complex[] memory = [.. Enumerable.Repeat(Complex.One, 200)];
        double[] expected = Filtered(image), whitened = Whitening.Filter<double>(image, ref memory);
        Assert.All(expected.Zip(whitened), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
        Assert.All(whitened.Zip(Whitening.Filter<float>(image, ref memory)), pair => Assert.Equal((float)pair.First, pair.Second));
    }

    /// <summary>The filter by sums over all frequencies and pixels.</summary>
    private static double[] Filtered(GrayImage image)
    {
        var (height, width) = (image.Height, image.Width);
        double[] filtered = new double[height * width];
        for (int v = 0; v < height; v++)
            for (int u = 0; u < width; u++)
            {
                double vertical = (double)(2 * v < height ? v : v - height) / height, horizontal = (double)(2 * u < width ? u : u - width) / width;
                double frequency = Math.Sqrt(vertical * vertical + horizontal * horizontal), gain = frequency * Math.Exp(-Math.Pow(frequency / 0.4, 4));
                Complex spectrum = 0;
                for (int i = 0; i < filtered.Length; i++) spectrum += image.Pixels[i] * Wave(-1, i);
                for (int i = 0; i < filtered.Length; i++) filtered[i] += (spectrum * gain * Wave(1, i)).Real / filtered.Length;

                Complex Wave(int sign, int pixel) => Complex.Exp(sign * 2 * Math.PI * Complex.ImaginaryOne * ((double)v * (pixel / width) / height + (double)u * (pixel % width) / width));
            }
        return filtered;
    }

    [Fact]
    public void The_whole_set_gets_one_scale_and_variance_one_tenth()
    {
        GrayImage[] images = [TestImages.Noise(32, 20, 1), TestImages.Noise(17, 33, 2), new GrayImage("faint", 16, 16, Array.ConvertAll(TestImages.Noise(16, 16, 3).Pixels, pixel => pixel / 100))];
        var (whitened, scale) = Whitening.Apply(images);
        double[] all = [.. whitened.SelectMany(image => image.Pixels.Select(pixel => (double)pixel))];
        Assert.Equal(0.1, all.Average(value => value * value) - Math.Pow(all.Average(), 2), 1e-7);
        Assert.Equal(images.Select(image => (image.Name, image.Height, image.Width)), whitened.Select(image => (image.Name, image.Height, image.Width)));
        Complex[] memory = [];
        Assert.Equal(whitened[1].Pixels, Whitening.Apply(images[1], scale, ref memory).Pixels);
        Assert.True(whitened[2].Pixels.Max() < whitened[0].Pixels.Max() / 10);
    }

    [Fact]
    public void Images_without_contrast_or_with_odd_values_are_named()
    {
        var constant = new GrayImage("grey.png", 4, 4, [.. Enumerable.Repeat(7f, 16)]);
        Assert.Contains("grey.png", Assert.Throws<InvalidInputException>(() => Whitening.Apply([TestImages.Noise(8, 8), constant])).Message, StringComparison.Ordinal);
        var odd = TestImages.Noise(4, 5);
        odd.Pixels[13] = float.NaN;
        Assert.Contains("row 2, column 3", Assert.Throws<InvalidInputException>(() => Whitening.Apply([odd])).Message, StringComparison.Ordinal);
    }
}
