using ScottPlot;
using SkiaSharp;
using VariationalSparseCoding.Reporting;
using Drawing = VariationalSparseCoding.Reporting.Drawing;

namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>A bar with its error bar.</summary>
/// <param name="Mean">Its height; null is not drawn.</param>
/// <param name="Deviation">Half of the error bar's length; null is none.</param>
internal readonly record struct Bar(double? Mean, double? Deviation);

/// <summary>Bars of one series.</summary>
/// <param name="Name">The series.</param>
/// <param name="Bars">A bar for each category.</param>
internal sealed record BarSeries(string Name, IReadOnlyList<Bar> Bars);

/// <summary>Grouped bars with error bars, panels one above the other.</summary>
internal static class SignalFigure
{
    private const float Width = 900, PanelHeight = 330, LegendHeight = 34, BarWidth = 0.38f;

    /// <summary>The figure.</summary>
    /// <param name="panels">Title and series of each panel.</param>
    /// <param name="categories">Names of the groups of bars.</param>
    public static Drawing Of(IReadOnlyList<(string Title, IReadOnlyList<BarSeries> Series)> panels, IReadOnlyList<string> categories) =>
        new(Width, panels.Count * PanelHeight + LegendHeight, (canvas, style) =>
        {
            for (int i = 0; i < panels.Count; i++) DrawPanel(canvas, panels[i].Title, panels[i].Series, categories, style, i * PanelHeight);
            FigureLegend.Draw(canvas, [.. panels[0].Series.Select((series, i) => (series.Name, style.SeriesColor(i)))], Width / 2, panels.Count * PanelHeight + LegendHeight / 2, style);
        });

    private static void DrawPanel(SKCanvas canvas, string title, IReadOnlyList<BarSeries> series, IReadOnlyList<string> categories, FigureStyle style, float top)
    {
        using Plot plot = PlotStyling.NewPlot(style, title, "", "|mean| / standard deviation");
        double highest = 0;
        for (int s = 0; s < series.Count; s++)
        {
            for (int category = 0; category < categories.Count; category++)
            {
                if (series[s].Bars[category] is not { Mean: { } mean } bar || !double.IsFinite(mean)) continue;
                double deviation = bar.Deviation is { } known && double.IsFinite(known) ? known : 0;
                highest = Math.Max(highest, mean + deviation);
                plot.Add.Bar(new ScottPlot.Bar
                {
                    Position = category + (s - (series.Count - 1) / 2.0) * (BarWidth + 0.02),
                    Value = mean,
                    Error = deviation,
                    Size = BarWidth,
                    FillColor = PlotStyling.Of(style.SeriesColor(s)),
                    LineWidth = 0,
                    ErrorSize = 0.12,
                    LineColor = PlotStyling.Of(style.Ink),
                });
            }
        }
        plot.Axes.Bottom.SetTicks([.. Enumerable.Range(0, categories.Count).Select(i => (double)i)], [.. categories]);
        plot.Axes.Bottom.MajorTickStyle.Length = 0;
        plot.Axes.SetLimits(-0.6, categories.Count - 0.4, 0, highest > 0 ? 1.1 * highest : 1);
        PlotStyling.Draw(canvas, plot, SKRect.Create(0, top, Width, PanelHeight));
    }
}
