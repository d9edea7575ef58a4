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
        double[] whitened = Whitening.Filter<double>(new GrayImage("reference", (int)image.Shape()[0], (int)image.Shape()[1], Array.ConvertAll(image.Numbers(), value => (float)value)));
        Assert.Equal(expected.Length, whitened.Length);
        Assert.All(expected.Zip(whitened), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    [Fact]
    public void The_whole_set_gets_one_scale_and_variance_one_tenth()
    {
        GrayImage[] images = [TestImages.Noise(32, 20, 1), TestImages.Noise(17, 33, 2), new GrayImage("faint", 16, 16, Array.ConvertAll(TestImages.Noise(16, 16, 3).Pixels, pixel => pixel / 100))];
        var (whitened, scale) = Whitening.Apply(images);
        double[] all = [.. whitened.SelectMany(image => image.Pixels.Select(pixel => (double)pixel))];
        Assert.Equal(0.1, all.Average(value => value * value) - Math.Pow(all.Average(), 2), 1e-7);
        Assert.Equal(images.Select(image => (image.Name, image.Height, image.Width)), whitened.Select(image => (image.Name, image.Height, image.Width)));
        Assert.Equal(whitened[1].Pixels, Whitening.Apply(images[1], scale).Pixels);
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
