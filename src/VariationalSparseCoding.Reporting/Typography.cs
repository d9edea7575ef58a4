using ScottPlot;
using SkiaSharp;

namespace VariationalSparseCoding.Reporting;

/// <summary>The typefaces that figures carry with them, so that text shows on a machine without fonts.</summary>
internal static class Typography
{
    public const string Family = "Inter";

    public static SKTypeface Regular { get; } = Load("fonts/Inter-Regular.ttf");

    public static SKTypeface SemiBold { get; } = Load("fonts/Inter-SemiBold.ttf");

    static Typography() => ScottPlot.Fonts.FontResolvers.Insert(0, new Resolver());

    public static SKFont Font(float size, bool semiBold = false) =>
        new(semiBold ? SemiBold : Regular, size) { Subpixel = true, Edging = SKFontEdging.Antialias, Hinting = SKFontHinting.None };

    /// <summary>Draws one line of text.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="text">What; control characters have no glyphs.</param>
    /// <param name="x">The position that <paramref name="align"/> refers to.</param>
    /// <param name="baseline">The baseline.</param>
    /// <param name="size">Font size in units of the canvas.</param>
    /// <param name="color">Ink.</param>
    /// <param name="align">Whether <paramref name="x"/> is the left end, the middle or the right end.</param>
    /// <param name="semiBold">Weight.</param>
    public static void Draw(SKCanvas canvas, string text, float x, float baseline, float size, SKColor color, SKTextAlign align = SKTextAlign.Left, bool semiBold = false)
    {
        using SKFont font = Font(size, semiBold);
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        canvas.DrawText(text, x, baseline, align, font, paint);
    }

    public static float Measure(string text, float size, bool semiBold = false)
    {
        using SKFont font = Font(size, semiBold);
        return font.MeasureText(text);
    }

    private static SKTypeface Load(string resource)
    {
        using Stream stream = typeof(Typography).Assembly.GetManifestResourceStream(resource)!;
        using SKData data = SKData.Create(stream);
        return SKTypeface.FromData(data);
    }

    private sealed class Resolver : IFontResolver
    {
        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
            fontName != Family ? null : weight >= FontWeight.SemiBold ? SemiBold : Regular;

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
            CreateTypeface(fontName, bold ? FontWeight.Bold : FontWeight.Normal, FontSlant.Upright, FontSpacing.Normal);
    }
}
