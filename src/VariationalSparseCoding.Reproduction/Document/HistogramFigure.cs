using ScottPlot;
using SkiaSharp;
using VariationalSparseCoding.Reporting;
using Drawing = VariationalSparseCoding.Reporting.Drawing;

namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>A histogram of values in [0, 1] in bins of equal width.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Fractions">Fraction of the values in each bin.</param>
internal sealed record Histogram(string Name, IReadOnlyList<double> Fractions);

/// <summary>Histograms on top of each other, panels in two columns.</summary>
internal static class HistogramFigure
{
    private const float PanelWidth = 480, PanelHeight = 300, LegendHeight = 34;

    /// <summary>The figure.</summary>
    /// <param name="panels">Title and histograms of each panel.</param>
    /// <param name="xLabel">What the values are.</param>
    public static Drawing Of(IReadOnlyList<(string Title, IReadOnlyList<Histogram> Histograms)> panels, string xLabel)
    {
        int rows = (panels.Count + 1) / 2;
        return new(2 * PanelWidth, rows * (PanelHeight + LegendHeight), (canvas, style) =>
        {
            for (int i = 0; i < panels.Count; i++)
            {
                float left = i % 2 * PanelWidth, top = i / 2 * (PanelHeight + LegendHeight);
                DrawPanel(canvas, panels[i].Title, panels[i].Histograms, xLabel, style, new SKPoint(left, top));
                FigureLegend.Draw(canvas, [.. panels[i].Histograms.Select((histogram, s) => (histogram.Name, style.SeriesColor(s)))], left + PanelWidth / 2, top + PanelHeight + LegendHeight / 2, style);
            }
        });
    }

    private static void DrawPanel(SKCanvas canvas, string title, IReadOnlyList<Histogram> histograms, string xLabel, FigureStyle style, SKPoint corner)
    {
        using Plot plot = PlotStyling.NewPlot(style, title, xLabel, "samples (%)");
        for (int s = 0; s < histograms.Count; s++)
        {
            var fractions = histograms[s].Fractions;
            double[] x = [.. Enumerable.Range(0, fractions.Count).SelectMany(bin => new[] { (double)bin / fractions.Count, (bin + 1.0) / fractions.Count })];
            double[] y = [.. fractions.SelectMany(fraction => new[] { 100 * fraction, 100 * fraction })];
            if (x.Length == 0) continue;
            var steps = plot.Add.ScatterLine(x, y, PlotStyling.Of(style.SeriesColor(s)));
            steps.LineWidth = 1.5f;
            steps.FillY = true;
            steps.FillYColor = PlotStyling.Of(style.SeriesColor(s).WithAlpha(56));
        }
        plot.Axes.SetLimits(0, Right(histograms), 0, 1.1 * histograms.SelectMany(histogram => histogram.Fractions).Select(fraction => 100 * fraction).Append(1e-3).Max());
        PlotStyling.Draw(canvas, plot, SKRect.Create(corner.X, corner.Y, PanelWidth, PanelHeight));
    }

    /// <summary>The tenth above the largest value, so that values near zero do not crowd at the margin.</summary>
    private static double Right(IReadOnlyList<Histogram> histograms)
    {
        double largest = histograms.SelectMany(histogram => histogram.Fractions.Select((fraction, bin) => fraction > 0 ? (bin + 1.0) / histogram.Fractions.Count : 0)).DefaultIfEmpty(1).Max();
        return Math.Clamp(Math.Ceiling(10 * largest - 1e-9) / 10, 0.1, 1);
    }
}
