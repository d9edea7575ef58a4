using ScottPlot;
using ScottPlot.Panels;
using ScottPlot.Plottables;

namespace VariationalSparseCoding.Reporting;

/// <summary>A matrix of signed numbers as colours, zero in the middle of the scale.</summary>
internal static class HeatMap
{
    /// <summary>Adds the matrix and its scale to a plot; row 0 is at the bottom.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="elements">The numbers, at least one of them finite; NaN has a colour of its own.</param>
    /// <param name="range">The magnitude at the ends of the scale, above 0.</param>
    /// <param name="label">What the numbers are.</param>
    /// <param name="style">Colours.</param>
    public static void Add(Plot plot, double[,] elements, double range, string label, FigureStyle style)
    {
        plot.HideGrid();
        Heatmap map = plot.Add.Heatmap(elements);
        map.Colormap = new ScottPlot.Colormaps.Balance();
        map.ManualRange = new ScottPlot.Range(-range, range);
        map.NaNCellColor = PlotStyling.Of(style.Invalid);
        map.FlipVertically = true;
        ColorBar bar = plot.Add.ColorBar(map);
        bar.Label = label;
        bar.LabelStyle.FontName = Typography.Family;
        bar.LabelStyle.FontSize = 13;
        bar.LabelStyle.Bold = false;
        bar.LabelStyle.ForeColor = PlotStyling.Of(style.Muted);
        bar.Axis.FrameLineStyle.Color = PlotStyling.Of(style.Line);
        bar.Axis.MajorTickStyle.Color = PlotStyling.Of(style.Line);
        bar.Axis.MinorTickStyle.Length = 0;
        bar.Axis.TickLabelStyle.FontName = Typography.Family;
        bar.Axis.TickLabelStyle.ForeColor = PlotStyling.Of(style.Muted);
    }
}
