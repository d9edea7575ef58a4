using SkiaSharp;

namespace VariationalSparseCoding.Reporting;

/// <summary>Draws one sample or atom: a patch as grey or coloured pixels with zero at mid grey, a vector as a filled step curve about zero.</summary>
internal static class Tile
{
    /// <summary>Largest finite magnitude, the range of a symmetric scale; 0 for an empty or all-zero span.</summary>
    public static float Range(ReadOnlySpan<float> values)
    {
        float range = 0;
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                range = MathF.Max(range, MathF.Abs(value));
            }
        }
        return range;
    }

    /// <summary>The size at which a sample is drawn: about <paramref name="target"/> pixels in the longer direction, and whole pixels per value where a patch is small enough.</summary>
    public static SKSizeI Size(SampleShape shape, int target)
    {
        if (!shape.IsPatch)
        {
            return new SKSizeI(target, target);
        }
        float scale = (float)target / Math.Max(shape.Height, shape.Width);
        scale = scale >= 1 ? MathF.Floor(scale) : scale;
        return new SKSizeI(Math.Max(1, (int)(shape.Width * scale)), Math.Max(1, (int)(shape.Height * scale)));
    }

    /// <summary>Draws a sample.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="area">The rectangle to fill.</param>
    /// <param name="values">The sample, [D].</param>
    /// <param name="shape">How to read it.</param>
    /// <param name="range">The magnitude drawn as full black or white; 0 draws every finite value as zero.</param>
    /// <param name="style">Colours.</param>
    public static void Draw(SKCanvas canvas, SKRect area, ReadOnlySpan<float> values, SampleShape shape, float range, FigureStyle style)
    {
        if (shape.IsPatch)
        {
            DrawPatch(canvas, area, values, shape, value => Grey(value, range), style);
        }
        else
        {
            DrawVector(canvas, area, values, range, style);
        }
    }

    /// <summary>Draws a whole image on the fixed scale of its values: 0 is black and 1 white.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="area">The rectangle to fill.</param>
    /// <param name="values">The image, [D].</param>
    /// <param name="shape">How to read it.</param>
    /// <param name="style">Colours.</param>
    public static void DrawImage(SKCanvas canvas, SKRect area, ReadOnlySpan<float> values, SampleShape shape, FigureStyle style) =>
        DrawPatch(canvas, area, values, shape, value => (byte)MathF.Round(255 * Math.Clamp(value, 0, 1)), style);

    private static void DrawPatch(SKCanvas canvas, SKRect area, ReadOnlySpan<float> values, SampleShape shape, Func<float, byte> tone, FigureStyle style)
    {
        int plane = shape.Height * shape.Width;
        var pixels = new SKColor[plane];
        for (int pixel = 0; pixel < plane; pixel++)
        {
            float red = values[pixel];
            float green = shape.Channels == 1 ? red : values[plane + pixel];
            float blue = shape.Channels == 1 ? red : values[2 * plane + pixel];
            pixels[pixel] = float.IsFinite(red + green + blue) ? new SKColor(tone(red), tone(green), tone(blue)) : style.Invalid;
        }
        using var bitmap = new SKBitmap(new SKImageInfo(shape.Width, shape.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        bitmap.Pixels = pixels;
        using SKImage image = SKImage.FromBitmap(bitmap);
        bool shrinks = area.Width < shape.Width;
        canvas.DrawImage(image, area, shrinks ? new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear) : new SKSamplingOptions(SKFilterMode.Nearest));
    }

    /// <summary>Zero is 128; the range ends at 1 and 255, equally far.</summary>
    private static byte Grey(float value, float range) =>
        (byte)(128 + MathF.Round(127 * (range > 0 ? Math.Clamp(value / range, -1, 1) : 0)));

    private static void DrawVector(SKCanvas canvas, SKRect area, ReadOnlySpan<float> values, float range, FigureStyle style)
    {
        float step = area.Width / values.Length;
        float Height(float value) => area.MidY - (range > 0 ? Math.Clamp(value / range, -1, 1) : 0) * area.Height * 0.46f;
        using var path = new SKPath();
        path.MoveTo(area.Left, area.MidY);
        for (int i = 0; i < values.Length; i++)
        {
            float height = Height(float.IsFinite(values[i]) ? values[i] : 0);
            path.LineTo(area.Left + i * step, height);
            path.LineTo(area.Left + (i + 1) * step, height);
        }
        path.LineTo(area.Right, area.MidY);
        path.Close();
        using var paint = new SKPaint { IsAntialias = true, Color = style.Line.WithAlpha(96) };
        canvas.DrawRect(area, paint);
        paint.Color = style.SeriesColor(0);
        canvas.DrawPath(path, paint);
        paint.Color = style.Muted.WithAlpha(128);
        canvas.DrawLine(area.Left, area.MidY, area.Right, area.MidY, paint);
        paint.Color = style.Invalid;
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                canvas.DrawRect(area.Left + i * step, area.Top, step, area.Height, paint);
            }
        }
    }
}
