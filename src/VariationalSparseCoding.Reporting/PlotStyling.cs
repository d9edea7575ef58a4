using ScottPlot;
using SkiaSharp;

namespace VariationalSparseCoding.Reporting;

/// <summary>The look that all plots with axes share.</summary>
internal static class PlotStyling
{
    private const float LabelSize = 13;

    /// <summary>An empty plot in the given colours, with the embedded font.</summary>
    public static Plot NewPlot(FigureStyle style, string title, string xLabel, string yLabel)
    {
        var plot = new Plot { ScaleFactor = Canvas.Density };
        // The resolver is installed before the family is asked for, or another font is cached under its name.
        _ = Typography.Regular;
        plot.Font.Set(Typography.Family);
        plot.FigureBackground.Color = Of(style.Background);
        plot.DataBackground.Color = Of(style.Background);
        plot.Axes.Color(Of(style.Muted));
        plot.Axes.FrameColor(Of(style.Line));
        plot.Axes.Top.FrameLineStyle.IsVisible = false;
        plot.Axes.Right.FrameLineStyle.IsVisible = false;
        plot.Grid.MajorLineColor = Of(style.Line);
        plot.Grid.XAxisStyle.IsVisible = false;
        plot.Title(title, 15);
        plot.Axes.Title.Label.ForeColor = Of(style.Ink);
        plot.XLabel(xLabel);
        plot.YLabel(yLabel);
        foreach (IAxis axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
        {
            axis.Label.FontSize = LabelSize;
            axis.Label.Bold = false;
            axis.TickLabelStyle.FontSize = LabelSize - 1;
            axis.MajorTickStyle.Length = 4;
            axis.MajorTickStyle.Color = Of(style.Line);
            axis.MinorTickStyle.Length = 0;
        }
        return plot;
    }

    /// <summary>Draws a plot into a figure whose unit is <see cref="Canvas.Density"/> pixels.</summary>
    public static void Draw(SKCanvas canvas, Plot plot, SKRect area)
    {
        SKRect pixels = canvas.TotalMatrix.MapRect(area);
        canvas.Save();
        canvas.SetMatrix(SKMatrix.Identity);
        // A plot clears its canvas; the clip keeps it from clearing its neighbours.
        canvas.ClipRect(pixels);
        plot.Render(canvas, new PixelRect(pixels.Left, pixels.Right, pixels.Bottom, pixels.Top));
        canvas.Restore();
    }

    public static Color Of(SKColor color) => new(color.Red, color.Green, color.Blue, color.Alpha);
}
