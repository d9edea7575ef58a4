using SkiaSharp;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Images.Tests;

/// <summary>Images made for tests.</summary>
internal static class TestImages
{
    public static GrayImage Noise(int height, int width, uint number = 0, float offset = 0)
    {
        var random = new CounterRandom(new NoiseKey(7, NoisePurpose.Data, number));
        return new GrayImage($"noise{number}", height, width, [.. Enumerable.Range(0, height * width).Select(_ => offset + random.NextInt64(256))]);
    }

    public static byte[] Encode(SKColorType type, int height, int width, byte[] pixels, SKEncodedImageFormat format = SKEncodedImageFormat.Png, SKAlphaType alpha = SKAlphaType.Unpremul)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, type, alpha));
        System.Runtime.InteropServices.Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
        using var data = bitmap.Encode(format, 100);
        return data.ToArray();
    }

    public static byte[] EncodeGray(GrayImage image, SKEncodedImageFormat format = SKEncodedImageFormat.Png) =>
        Encode(SKColorType.Gray8, image.Height, image.Width, Array.ConvertAll(image.Pixels, pixel => (byte)pixel), format, SKAlphaType.Opaque);
}
