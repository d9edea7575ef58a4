using ScottPlot;
using SkiaSharp;
using VariationalSparseCoding.Reporting;

namespace VariationalSparseCoding.Reproduction.Benchmarks;

/// <summary>
/// Codes by objective and time, both on log axes: how far the mean objective is above the optimum on the same dictionary, a line per way to codes with
/// the numbers of steps at its points, those on the Pareto front ringed; the all-zero code and the converged solver's time as levels.
/// </summary>
internal static class CodeFrontFigure
{
    private const int Width = 820;
    private const int Height = 520;
    private const int LegendHeight = 52;

    // What float32 codes and the optimum's own gap leave undecided, beside the all-zero code.
    private const double RelativeFloor = 1e-6;

    /// <summary>Draws the figure.</summary>
    /// <param name="result">The measured codes.</param>
    /// <param name="style">Colours.</param>
    /// <returns>A PNG file.</returns>
    public static byte[] Draw(CodeBenchmarkResult result, FigureStyle style)
    {
        MeasuredCodes zero = Single(result, CodeRoute.ZeroCode), converged = Single(result, CodeRoute.Converged);
        double optimum = converged.Terms.Value, floor = RelativeFloor * (zero.Terms.Value > 0 ? zero.Terms.Value : 1);
        double Above(MeasuredCodes codes) => Math.Max(codes.Terms.Value - optimum, floor);
        var lines = result.Codes.Where(codes => codes.Route is not (CodeRoute.Converged or CodeRoute.ZeroCode)).GroupBy(codes => codes.Route).ToList();

        using Plot plot = PlotStyling.NewPlot(style, "", "time per sample (µs)", "objective above the optimum");
        plot.Axes.Title.IsVisible = false;
        for (int i = 0; i < lines.Count; i++) AddLine(plot, [.. lines[i]], Above, style.SeriesColor(i));
        AddFront(plot, [.. result.Codes.Where(codes => codes.Route != CodeRoute.ZeroCode && result.IsOnFront(codes))], Above, style);
        plot.Add.HorizontalLine(Math.Log10(Above(zero)), 1.5f, PlotStyling.Of(style.Muted), LinePattern.Dashed);
        plot.Add.VerticalLine(Math.Log10(converged.MicrosecondsPerSample), 1.5f, PlotStyling.Of(style.Muted), LinePattern.Dotted);
        SetAxes(plot, lines.SelectMany(line => line).Append(converged), lines.SelectMany(line => line).Append(zero).Select(Above));
        var limits = plot.Axes.GetLimits();
        AddText(plot, $"{result.Name(CodeRoute.ZeroCode)} ({Numbers.Text(zero.Terms.Value)})", limits.Left, Math.Log10(Above(zero)), Alignment.LowerLeft, style);
        AddText(plot, $"{result.Name(CodeRoute.Converged)} ({Numbers.Text(optimum)})", Math.Log10(converged.MicrosecondsPerSample), limits.Bottom, Alignment.LowerRight, style);

        return Canvas.Png(Width, Height, style.Background, canvas =>
        {
            PlotStyling.Draw(canvas, plot, new SKRect(0, 0, Width, Height - LegendHeight));
            DrawLegend(canvas, [.. lines.Select((line, i) => (result.Name(line.Key), style.SeriesColor(i)))], style);
        });
    }

    private static MeasuredCodes Single(CodeBenchmarkResult result, CodeRoute route) => result.Codes.Single(codes => codes.Route == route);

    private static void AddLine(Plot plot, MeasuredCodes[] codes, Func<MeasuredCodes, double> above, SKColor color)
    {
        var scatter = plot.Add.Scatter(codes.Select(Time).ToArray(), codes.Select(point => Math.Log10(above(point))).ToArray(), PlotStyling.Of(color));
        scatter.LineWidth = 2;
        scatter.MarkerSize = 7;
        foreach (var point in codes)
        {
            var label = plot.Add.Text($"{point.Steps}", Time(point), Math.Log10(above(point)));
            label.LabelFontName = Typography.Family;
            label.LabelFontSize = 10;
            label.LabelFontColor = PlotStyling.Of(color);
            label.OffsetX = 6;
            label.OffsetY = -14;
        }
    }

    private static void AddFront(Plot plot, MeasuredCodes[] front, Func<MeasuredCodes, double> above, FigureStyle style)
    {
        if (front.Length == 0) return;
        var rings = plot.Add.ScatterPoints(front.Select(Time).ToArray(), front.Select(point => Math.Log10(above(point))).ToArray(), PlotStyling.Of(style.Ink));
        rings.MarkerShape = MarkerShape.OpenCircle;
        rings.MarkerSize = 14;
        rings.MarkerLineWidth = 2;
    }

    private static double Time(MeasuredCodes codes) => Math.Log10(codes.MicrosecondsPerSample);

    private static void SetAxes(Plot plot, IEnumerable<MeasuredCodes> points, IEnumerable<double> above)
    {
        double[] times = [.. points.Select(Time)], heights = [.. above.Select(Math.Log10)];
        plot.Axes.SetLimits(times.Min() - 0.1, times.Max() + 0.1, heights.Min() - 0.35, heights.Max() + 0.35);
        SetTicks(plot.Axes.Bottom, times.Min(), times.Max() + 0.1, [1, 2, 5]);
        SetTicks(plot.Axes.Left, heights.Min() - 0.35, heights.Max() + 0.35, [1]);
    }

    private static void SetTicks(IAxis axis, double low, double high, double[] mantissas)
    {
        var ticks = new ScottPlot.TickGenerators.NumericManual();
        for (int decade = (int)Math.Floor(low); decade <= high; decade++)
            foreach (double mantissa in mantissas)
            {
                double value = mantissa * Math.Pow(10, decade);
                ticks.AddMajor(Math.Log10(value), value.ToString("0.######", System.Globalization.CultureInfo.InvariantCulture));
            }
        axis.TickGenerator = ticks;
    }

    private static void AddText(Plot plot, string text, double x, double y, Alignment alignment, FigureStyle style)
    {
        var label = plot.Add.Text(text, x, y);
        label.LabelFontName = Typography.Family;
        label.LabelFontSize = 12;
        label.LabelFontColor = PlotStyling.Of(style.Muted);
        label.LabelAlignment = alignment;
        (label.OffsetX, label.OffsetY) = (alignment == Alignment.LowerLeft ? 6 : -6, -3);
    }

    private static void DrawLegend(SKCanvas canvas, (string Text, SKColor Color)[] entries, FigureStyle style)
    {
        const float Size = 12, Symbol = 18, Gap = 6, Space = 22, Left = 66, Line = 20;
        float x = Left, y = Height - LegendHeight + 14;
        foreach (var (text, color, isRing) in entries.Select(entry => (entry.Text, entry.Color, false)).Append(("Pareto front", style.Ink, true)))
        {
            float width = Symbol + Gap + Typography.Measure(text, Size);
            if (x + width > Width) (x, y) = (Left, y + Line);
            using var paint = new SKPaint { Color = color, StrokeWidth = isRing ? 2 : 3, IsAntialias = true, IsStroke = true };
            if (isRing) canvas.DrawCircle(x + Symbol / 2, y, 6, paint);
            else canvas.DrawLine(x, y, x + Symbol, y, paint);
            Typography.Draw(canvas, text, x + Symbol + Gap, y + Size * 0.36f, Size, style.Muted);
            x += width + Space;
        }
    }
}
