using SkiaSharp;

namespace VariationalSparseCoding.Reporting;

/// <summary>A line of names, each behind a stroke of its colour.</summary>
internal static class FigureLegend
{
    private const float Size = 12, Symbol = 18, Gap = 6, Space = 22;

    /// <summary>Draws the names about a middle.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="entries">Names and colours.</param>
    /// <param name="middle">The horizontal middle.</param>
    /// <param name="y">The vertical middle.</param>
    /// <param name="style">The text's colour.</param>
    public static void Draw(SKCanvas canvas, IReadOnlyList<(string Text, SKColor Color)> entries, float middle, float y, FigureStyle style)
    {
        float width = entries.Sum(entry => Symbol + Gap + Typography.Measure(entry.Text, Size)) + Space * (entries.Count - 1);
        float x = middle - width / 2;
        foreach ((string text, SKColor color) in entries)
        {
            using var paint = new SKPaint { Color = color, StrokeWidth = 3, IsAntialias = true, StrokeCap = SKStrokeCap.Round };
            canvas.DrawLine(x, y, x + Symbol, y, paint);
            Typography.Draw(canvas, text, x + Symbol + Gap, y + Size * 0.36f, Size, style.Muted);
            x += Symbol + Gap + Typography.Measure(text, Size) + Space;
        }
    }
}
