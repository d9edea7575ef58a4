using ScottPlot;
using SkiaSharp;

namespace VariationalSparseCoding.Reporting;

/// <summary>How often each feature is active, sorted.</summary>
internal static class ActiveFractionFigure
{
    private const int Width = 820;
    private const int Height = 320;

    public static byte[] Draw(IReadOnlyList<float> fractions, string feature, FigureStyle style)
    {
        double[] sorted = [.. fractions.Where(float.IsFinite).Select(fraction => 100.0 * fraction).OrderDescending()];
        string xLabel = sorted.Length == fractions.Count ? $"{feature}, most active first" : $"{feature}, most active first ({fractions.Count - sorted.Length} without a number left out)";
        using Plot plot = PlotStyling.NewPlot(style, "", xLabel, "active on validation samples (%)");
        plot.Axes.Title.IsVisible = false;
        double top = sorted.Append(1e-3).Max() * 1.1;
        plot.Axes.SetLimits(0, Math.Max(sorted.Length, 1), 0, top);
        if (sorted.Length > 0)
        {
            AddSteps(plot, sorted, style);
            AddMean(plot, sorted.Average(), style.SeriesColor(1));
        }
        return Canvas.Png(Width, Height, style.Background, canvas => PlotStyling.Draw(canvas, plot, new SKRect(0, 0, Width, Height)));
    }

    private static void AddSteps(Plot plot, double[] sorted, FigureStyle style)
    {
        double[] x = [.. Enumerable.Range(0, sorted.Length).SelectMany(i => new double[] { i, i + 1 })];
        double[] y = [.. sorted.SelectMany(value => new[] { value, value })];
        var steps = plot.Add.ScatterLine(x, y, PlotStyling.Of(style.SeriesColor(0)));
        steps.LineWidth = 1.5f;
        steps.FillY = true;
        steps.FillYColor = PlotStyling.Of(style.SeriesColor(0).WithAlpha(56));
    }

    private static void AddMean(Plot plot, double mean, SKColor color)
    {
        plot.Add.HorizontalLine(mean, 1.75f, PlotStyling.Of(color), LinePattern.Solid);
        var label = plot.Add.Text($"mean {Numbers.Percent(mean / 100)}", plot.Axes.GetLimits().Right, mean);
        label.LabelFontName = Typography.Family;
        label.LabelFontSize = 13;
        label.LabelBold = true;
        label.LabelFontColor = PlotStyling.Of(color);
        label.LabelAlignment = Alignment.LowerRight;
        (label.OffsetX, label.OffsetY) = (-8, -3);
    }
}
