using SkiaSharp;

namespace VariationalSparseCoding.Reporting.Tests;

public class ActiveFractionFigureTests
{
    private static SKBitmap Draw(float[] fractions) => Pictures.Decode(Figures.ActiveFractions(fractions, FigureStyle.Light));

    [Fact]
    public void The_mean_is_drawn_with_text()
    {
        using SKBitmap picture = Draw([0.1f, 0.5f, 0.3f]);
        var colours = picture.Pixels.CountBy(colour => colour).ToDictionary();
        Assert.Equal((1640, 640), (picture.Width, picture.Height));
        Assert.True(colours[FigureStyle.Light.SeriesColor(0)] > 500);
        Assert.True(colours[FigureStyle.Light.SeriesColor(1)] > 1500);
        Assert.InRange(Pictures.Ink(picture, new SKRectI(0, 590, 1640, 640), FigureStyle.Light.Background), 200, 10_000);
    }

    [Fact]
    public void The_order_of_the_atoms_does_not_matter() =>
        Assert.Equal(Figures.ActiveFractions([0.1f, 0.5f, 0.3f], FigureStyle.Dark), Figures.ActiveFractions([0.5f, 0.3f, 0.1f], FigureStyle.Dark));

    [Theory]
    [InlineData(new float[0])]
    [InlineData(new[] { 0.3f })]
    [InlineData(new[] { 0f, 0f, 0f })]
    [InlineData(new[] { float.NaN, float.NaN })]
    public void Degenerate_fractions_are_drawn(float[] fractions)
    {
        using SKBitmap picture = Draw(fractions);
        Assert.Equal(1640, picture.Width);
    }
}
