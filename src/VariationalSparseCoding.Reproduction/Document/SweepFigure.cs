using ScottPlot;
using SkiaSharp;
using VariationalSparseCoding.Reporting;
using Drawing = VariationalSparseCoding.Reporting.Drawing;

namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>A panel of lines over swept settings.</summary>
/// <param name="Title">What is shown.</param>
/// <param name="XLabel">The swept setting.</param>
/// <param name="YLabel">The number.</param>
/// <param name="Settings">The settings, which stand at equal distances.</param>
/// <param name="Lines">A number for each setting, null where there is none; dashed lines are the published ones.</param>
internal sealed record SweepPanel(string Title, string XLabel, string YLabel, IReadOnlyList<string> Settings, IReadOnlyList<SweepLine> Lines);

/// <summary>A line of a panel.</summary>
/// <param name="Name">Its name; the same in every panel.</param>
/// <param name="Values">A number for each setting, null where there is none.</param>
/// <param name="Deviations">Standard deviations over seeds, null where there are none.</param>
internal sealed record SweepLine(string Name, IReadOnlyList<double?> Values, IReadOnlyList<double?> Deviations);

/// <summary>Panels of lines over swept settings, two in a row.</summary>
internal static class SweepFigure
{
    private const float PanelWidth = 520, PanelHeight = 340, LegendHeight = 34;

    /// <summary>The figure.</summary>
    /// <param name="panels">The panels, with the same lines each.</param>
    public static Drawing Of(IReadOnlyList<SweepPanel> panels)
    {
        int columns = Math.Min(2, panels.Count), rows = (panels.Count + columns - 1) / columns;
        return new(columns * PanelWidth, rows * PanelHeight + LegendHeight, (canvas, style) =>
        {
            for (int i = 0; i < panels.Count; i++) DrawPanel(canvas, panels[i], style, SKRect.Create(i % columns * PanelWidth, i / columns * PanelHeight, PanelWidth, PanelHeight));
            FigureLegend.Draw(canvas, [.. panels[0].Lines.Select((line, i) => (line.Name, style.SeriesColor(i)))], columns * PanelWidth / 2, rows * PanelHeight + LegendHeight / 2, style);
        });
    }

    private static void DrawPanel(SKCanvas canvas, SweepPanel panel, FigureStyle style, SKRect area)
    {
        using Plot plot = PlotStyling.NewPlot(style, panel.Title, panel.XLabel, panel.YLabel);
        for (int i = 0; i < panel.Lines.Count; i++)
        {
            var line = panel.Lines[i];
            int[] places = [.. Enumerable.Range(0, line.Values.Count).Where(place => line.Values[place] is { } value && double.IsFinite(value))];
            if (places.Length == 0) continue;
            var color = PlotStyling.Of(style.SeriesColor(i));
            double[] x = [.. places.Select(place => (double)place)], y = [.. places.Select(place => line.Values[place]!.Value)];
            var scatter = plot.Add.Scatter(x, y, color);
            (scatter.LineWidth, scatter.MarkerSize) = (2, 7);
            double[] deviations = [.. places.Select(place => line.Deviations[place] is { } deviation && double.IsFinite(deviation) ? deviation : 0)];
            if (deviations.Any(deviation => deviation > 0)) plot.Add.ErrorBar(x, y, deviations).Color = color;
        }
        plot.Axes.Bottom.SetTicks([.. Enumerable.Range(0, panel.Settings.Count).Select(place => (double)place)], [.. panel.Settings]);
        plot.Axes.AutoScaleY();
        plot.Axes.SetLimitsX(-0.3, panel.Settings.Count - 0.7);
        PlotStyling.Draw(canvas, plot, area);
    }
}
