using SkiaSharp;

namespace VariationalSparseCoding.Reporting.Tests;

/// <summary>Looks into PNG files.</summary>
internal static class Pictures
{
    public static SKBitmap Decode(byte[] png) => SKBitmap.Decode(png) ?? throw new InvalidDataException("Not a picture.");

    /// <summary>How many pixels of an area differ from the background.</summary>
    public static int Ink(SKBitmap picture, SKRectI area, SKColor background)
    {
        int ink = 0;
        for (int y = area.Top; y < area.Bottom; y++)
        {
            for (int x = area.Left; x < area.Right; x++)
            {
                ink += picture.GetPixel(x, y) == background ? 0 : 1;
            }
        }
        return ink;
    }
}
