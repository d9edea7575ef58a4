using SkiaSharp;

namespace VariationalSparseCoding.Reporting;

/// <summary>Turns drawing code into PNG bytes.</summary>
internal static class Canvas
{
    /// <summary>Pixels per unit of length in figures with text.</summary>
    public const float Density = 2;

    /// <summary>Draws a figure in units of which each is <see cref="Density"/> pixels.</summary>
    public static byte[] Png(float width, float height, SKColor background, Action<SKCanvas> draw) =>
        PngOfPixels((int)MathF.Ceiling(width * Density), (int)MathF.Ceiling(height * Density), background, canvas =>
        {
            canvas.Scale(Density);
            draw(canvas);
        });

    /// <summary>Draws a figure in pixels.</summary>
    public static byte[] PngOfPixels(int width, int height, SKColor background, Action<SKCanvas> draw)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(Math.Max(width, 1), Math.Max(height, 1), SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(background);
            draw(canvas);
        }
        return Encoded(bitmap);
    }

    /// <summary>A PNG file at half its size.</summary>
    public static byte[] Halved(byte[] png)
    {
        using var picture = SKBitmap.Decode(png);
        using var halved = picture.Resize(new SKImageInfo(picture.Width / 2, picture.Height / 2, SKColorType.Rgba8888, SKAlphaType.Opaque), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return Encoded(halved);
    }

    // Without filters, even colours compress as well, in half the time.
    private static byte[] Encoded(SKBitmap bitmap)
    {
        const int ZlibLevel = 6;
        using SKPixmap pixels = bitmap.PeekPixels();
        using SKData data = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.None, ZlibLevel)) ?? throw new InvalidOperationException("A picture could not be encoded.");
        return data.ToArray();
    }
}
