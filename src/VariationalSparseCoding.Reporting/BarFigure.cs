using ScottPlot;
using SkiaSharp;

namespace VariationalSparseCoding.Reporting;

/// <summary>A bar of a histogram.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Count">Its height.</param>
internal readonly record struct Bar(double From, double To, int Count);

/// <summary>A histogram.</summary>
internal static class BarFigure
{
    private const int Width = 820, Height = 280;

    /// <summary>Draws a histogram.</summary>
    /// <param name="bars">The bars, side by side.</param>
    /// <param name="xLabel">What the values are.</param>
    /// <param name="yLabel">What is counted.</param>
    /// <param name="ticks">Where the axis of the values is marked, and how; null: in even steps.</param>
    /// <param name="style">Colours.</param>
    /// <returns>A PNG file.</returns>
    public static byte[] Draw(IReadOnlyList<Bar> bars, string xLabel, string yLabel, IReadOnlyList<(double Place, string Name)>? ticks, FigureStyle style)
    {
        using Plot plot = PlotStyling.NewPlot(style, "", xLabel, yLabel);
        plot.Axes.Title.IsVisible = false;
        foreach (var bar in bars.Where(bar => bar.Count > 0))
        {
            var drawn = plot.Add.Rectangle(bar.From, bar.To, 0, bar.Count);
            drawn.FillColor = PlotStyling.Of(style.SeriesColor(0));
            drawn.LineColor = PlotStyling.Of(style.Background);
            drawn.LineWidth = 1;
        }
        if (ticks is not null) plot.Axes.Bottom.SetTicks([.. ticks.Select(tick => tick.Place)], [.. ticks.Select(tick => tick.Name)]);
        if (bars.Count > 0) plot.Axes.SetLimits(bars[0].From, bars[^1].To, 0, 1.08 * bars.Max(bar => Math.Max(bar.Count, 1)));
        return Canvas.Png(Width, Height, style.Background, canvas => PlotStyling.Draw(canvas, plot, new SKRect(0, 0, Width, Height)));
    }
}
