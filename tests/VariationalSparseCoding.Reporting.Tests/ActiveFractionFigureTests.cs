using SkiaSharp;

namespace VariationalSparseCoding.Reporting.Tests;

public class ActiveFractionFigureTests
{
    private static SKBitmap Draw(float[] fractions, double? target) => Pictures.Decode(Figures.ActiveFractions(fractions, target, FigureStyle.Light));

    [Fact]
    public void The_mean_and_the_target_are_drawn_with_text()
    {
        using SKBitmap picture = Draw([0.1f, 0.5f, 0.3f], target: 0.2);
        var colours = picture.Pixels.CountBy(colour => colour).ToDictionary();
        Assert.Equal((1640, 640), (picture.Width, picture.Height));
        Assert.True(colours[FigureStyle.Light.SeriesColor(0)] > 500);
        Assert.True(colours[FigureStyle.Light.SeriesColor(1)] > 1500);
        Assert.True(colours[FigureStyle.Light.SeriesColor(2)] > 500);
        Assert.InRange(Pictures.Ink(picture, new SKRectI(0, 590, 1640, 640), FigureStyle.Light.Background), 200, 10_000);
    }

    [Fact]
    public void Without_a_target_none_is_drawn()
    {
        using SKBitmap picture = Draw([0.1f, 0.5f, 0.3f], target: null);
        Assert.DoesNotContain(FigureStyle.Light.SeriesColor(2), picture.Pixels);
    }

    [Fact]
    public void The_order_of_the_atoms_does_not_matter() =>
        Assert.Equal(Figures.ActiveFractions([0.1f, 0.5f, 0.3f], 0.1, FigureStyle.Dark), Figures.ActiveFractions([0.5f, 0.3f, 0.1f], 0.1, FigureStyle.Dark));

    [Theory]
    [InlineData(new float[0])]
    [InlineData(new[] { 0.3f })]
    [InlineData(new[] { 0f, 0f, 0f })]
    [InlineData(new[] { float.NaN, float.NaN })]
    public void Degenerate_fractions_are_drawn(float[] fractions)
    {
        foreach (double? target in new double?[] { null, 0.1, double.NaN })
        {
            using SKBitmap picture = Draw(fractions, target);
            Assert.Equal(1640, picture.Width);
        }
    }
}
