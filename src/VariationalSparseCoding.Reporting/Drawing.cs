using SkiaSharp;

namespace VariationalSparseCoding.Reporting;

/// <summary>A figure that can be written in several formats.</summary>
/// <param name="Width">Its width, in units of which each is <see cref="Canvas.Density"/> pixels.</param>
/// <param name="Height">Its height, in the same units.</param>
/// <param name="Draw">Draws it in the colours of a style.</param>
internal sealed record Drawing(float Width, float Height, Action<SKCanvas, FigureStyle> Draw)
{
    /// <summary>Drawings below each other.</summary>
    /// <param name="drawings">The drawings, at least one.</param>
    public static Drawing Column(IReadOnlyList<Drawing> drawings) => new(drawings.Max(drawing => drawing.Width), drawings.Sum(drawing => drawing.Height), (canvas, style) =>
    {
        canvas.Save();
        foreach (var drawing in drawings)
        {
            drawing.Draw(canvas, style);
            canvas.Translate(0, drawing.Height);
        }
        canvas.Restore();
    });

    /// <summary>A PNG file.</summary>
    public byte[] Png(FigureStyle style) => Canvas.Png(Width, Height, style.Background, canvas => Draw(canvas, style));

    /// <summary>An SVG file; its texts name the font, and its pictures are embedded.</summary>
    public byte[] Svg(FigureStyle style)
    {
        using var stream = new MemoryStream();
        var size = SKRect.Create(Width * Canvas.Density, Height * Canvas.Density);
        // The canvas writes its end when it is disposed.
        using (var canvas = SKSvgCanvas.Create(size, stream))
        {
            canvas.Scale(Canvas.Density);
            using (var paint = new SKPaint { Color = style.Background }) canvas.DrawRect(0, 0, Width, Height, paint);
            Draw(canvas, style);
        }
        return stream.ToArray();
    }
}
