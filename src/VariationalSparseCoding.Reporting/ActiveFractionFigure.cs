using ScottPlot;
using SkiaSharp;

namespace VariationalSparseCoding.Reporting;

/// <summary>How often each feature is active, sorted.</summary>
internal static class ActiveFractionFigure
{
    private const int Width = 820;
    private const int Height = 320;

    public static byte[] Draw(IReadOnlyList<float> fractions, double? target, string feature, FigureStyle style)
    {
        double[] sorted = [.. fractions.Where(float.IsFinite).Select(fraction => 100.0 * fraction).OrderDescending()];
        string xLabel = sorted.Length == fractions.Count ? $"{feature}, most active first" : $"{feature}, most active first ({fractions.Count - sorted.Length} without a number left out)";
        using Plot plot = PlotStyling.NewPlot(style, "", xLabel, "active on validation samples (%)");
        plot.Axes.Title.IsVisible = false;
        double top = sorted.Append(100 * target ?? 0).Append(1e-3).Max() * 1.1;
        plot.Axes.SetLimits(0, Math.Max(sorted.Length, 1), 0, top);
        if (sorted.Length > 0)
        {
            AddSteps(plot, sorted, style);
            // The mean sits on its line; the target too, unless both would overlap.
            double mean = sorted.Average();
            AddLevel(plot, mean, $"mean {Numbers.Percent(mean / 100)}", style.SeriesColor(1), LinePattern.Solid, above: target is not double aim || 100 * aim <= mean);
        }
        if (target is double level && double.IsFinite(level))
        {
            AddLevel(plot, 100 * level, $"target {Numbers.Percent(level)}", style.SeriesColor(2), LinePattern.Dashed, above: sorted.Length == 0 || 100 * level > sorted.Average());
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

    private static void AddLevel(Plot plot, double level, string text, SKColor color, LinePattern pattern, bool above)
    {
        plot.Add.HorizontalLine(level, 1.75f, PlotStyling.Of(color), pattern);
        var label = plot.Add.Text(text, plot.Axes.GetLimits().Right, level);
        label.LabelFontName = Typography.Family;
        label.LabelFontSize = 13;
        label.LabelBold = true;
        label.LabelFontColor = PlotStyling.Of(color);
        label.LabelAlignment = above ? Alignment.LowerRight : Alignment.UpperRight;
        label.OffsetX = -8;
        label.OffsetY = above ? -3 : 3;
    }
}
