using ScottPlot;
using SkiaSharp;

namespace VariationalSparseCoding.Reporting;

/// <summary>One line of a panel.</summary>
internal sealed record CurveLine(string Name, double[] X, double[] Y);

/// <summary>One panel: a loss term over the training.</summary>
internal sealed record CurvePanel(string Term, string XLabel, IReadOnlyList<CurveLine> Lines);

/// <summary>Loss terms over the training, a panel per term.</summary>
internal static class CurveFigure
{
    private const int PanelWidth = 520;
    private const int PanelHeight = 300;
    private const int LegendHeight = 28;

    /// <summary>The panels of one run: a training and a validation line per term.</summary>
    public static IReadOnlyList<CurvePanel> Panels(IReadOnlyList<HistoryRow> history) =>
        Panels([("training", history, row => row.Train), ("validation", history, row => row.Validation)]);

    /// <summary>The panels of several runs: each run's validation line.</summary>
    public static IReadOnlyList<CurvePanel> Panels(IReadOnlyList<ReportedRun> runs) =>
        Panels([.. runs.Select(run => (run.Name, run.History, (Func<HistoryRow, IReadOnlyList<LossTerm>>)(row => row.Validation)))]);

    /// <summary>Draws a panel.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="style">Colours.</param>
    /// <returns>A PNG file.</returns>
    public static byte[] Panel(CurvePanel panel, FigureStyle style) =>
        Canvas.Png(PanelWidth, PanelHeight, style.Background, canvas => DrawPanel(canvas, panel, style));

    private static List<CurvePanel> Panels(IReadOnlyList<(string Name, IReadOnlyList<HistoryRow> Rows, Func<HistoryRow, IReadOnlyList<LossTerm>> Terms)> sources)
    {
        // Epochs are the readable axis, unless they are logged as whole numbers several times per epoch.
        bool byEpoch = sources.All(source => Increases([.. source.Rows.Where(row => source.Terms(row).Count > 0).Select(row => row.Epoch)]));
        string xLabel = byEpoch ? "epoch" : "optimiser step";
        var terms = sources.SelectMany(source => source.Rows.SelectMany(source.Terms)).DistinctBy(term => term.Name);
        return [.. terms.Select(term => new CurvePanel(term.Name, xLabel,
            [.. sources.Select(source => Line(source.Name, source.Rows, source.Terms, term.Name, byEpoch))]))];
    }

    private static CurveLine Line(string name, IReadOnlyList<HistoryRow> rows, Func<HistoryRow, IReadOnlyList<LossTerm>> terms, string term, bool byEpoch)
    {
        var points = rows
            .SelectMany(row => terms(row).Where(value => value.Name == term).Select(value => (X: byEpoch ? row.Epoch : row.Step, Y: value.Value)))
            .Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))
            .ToArray();
        return new CurveLine(name, [.. points.Select(point => point.X)], [.. points.Select(point => point.Y)]);
    }

    private static bool Increases(double[] values) => values.Zip(values.Skip(1)).All(pair => pair.First < pair.Second);

    private static void DrawPanel(SKCanvas canvas, CurvePanel panel, FigureStyle style)
    {
        using Plot plot = PlotStyling.NewPlot(style, panel.Term, panel.XLabel, "value");
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        for (int i = 0; i < panel.Lines.Count; i++)
        {
            CurveLine line = panel.Lines[i];
            if (line.X.Length > 0)
            {
                var scatter = plot.Add.Scatter(line.X, line.Y, PlotStyling.Of(style.SeriesColor(i)));
                scatter.LineWidth = 2;
                scatter.MarkerSize = line.X.Length < 3 ? 7 : 0;
            }
        }
        SetLimits(plot, panel);
        PlotStyling.Draw(canvas, plot, new SKRect(0, 0, PanelWidth, PanelHeight - LegendHeight));
        DrawLegend(canvas, panel, style, PanelWidth / 2f, PanelHeight - LegendHeight / 2f);
    }

    /// <summary>A constant curve is drawn in the middle of a range that its size suggests.</summary>
    private static void SetLimits(Plot plot, CurvePanel panel)
    {
        (double left, double right) = Limits(panel.Lines.SelectMany(line => line.X), margin: 0.02);
        (double bottom, double top) = Limits(panel.Lines.SelectMany(line => line.Y), margin: 0.08);
        plot.Axes.SetLimits(left, right, bottom, top);
    }

    private static (double Low, double High) Limits(IEnumerable<double> values, double margin)
    {
        double[] all = [.. values.DefaultIfEmpty(0)];
        (double low, double high) = (all.Min(), all.Max());
        double span = high - low;
        double pad = span > 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high)) ? span * margin : Math.Max(Math.Abs(high) * 0.1, 1e-3);
        return (low - pad, high + pad);
    }

    private static void DrawLegend(SKCanvas canvas, CurvePanel panel, FigureStyle style, float middle, float y) =>
        FigureLegend.Draw(canvas, [.. panel.Lines.Select((line, i) => (line, i)).Where(entry => entry.line.X.Length > 0).Select(entry => (entry.line.Name, style.SeriesColor(entry.i)))], middle, y, style);
}
