using SkiaSharp;

namespace VariationalSparseCoding.Reporting.Tests;

public class TypographyTests
{
    [Fact]
    public void The_embedded_typefaces_have_every_special_glyph_of_the_figures()
    {
        foreach (SKTypeface typeface in new[] { Typography.Regular, Typography.SemiBold })
        {
            Assert.Equal("Inter", typeface.FamilyName.Split(' ')[0]);
            Assert.All("½‖²−–∞λκµ×%", glyph => Assert.True(typeface.ContainsGlyph(glyph), $"no glyph for {glyph}"));
        }
        Assert.True(Typography.SemiBold.FontWeight > Typography.Regular.FontWeight);
    }

    [Fact]
    public void Plots_use_the_embedded_typeface_and_not_one_of_the_machine()
    {
        using ScottPlot.Plot plot = PlotStyling.NewPlot(FigureStyle.Light, "title", "x", "y");
        foreach (ScottPlot.LabelStyle label in new[] { plot.Axes.Title.Label, plot.Axes.Bottom.Label, plot.Axes.Left.Label, plot.Axes.Bottom.TickLabelStyle, plot.Axes.Left.TickLabelStyle })
        {
            Assert.Equal(Typography.Family, label.FontName);
        }
        Assert.Same(Typography.Regular, ScottPlot.Fonts.GetTypeface(Typography.Family, bold: false, italic: false));
    }

    [Fact]
    public void Different_letters_leave_different_ink()
    {
        byte[] Word(string text) => Canvas.Png(120, 30, SKColors.White, canvas => Typography.Draw(canvas, text, 10, 20, 14, SKColors.Black));
        byte[] lambda = Word("λ"), norm = Word("‖");
        Assert.NotEqual(lambda, norm);
        using SKBitmap picture = Pictures.Decode(lambda);
        Assert.InRange(Pictures.Ink(picture, new SKRectI(0, 0, 120, 60), SKColors.White), 20, 400);
    }
}
