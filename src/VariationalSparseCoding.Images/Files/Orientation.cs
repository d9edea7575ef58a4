using System.Runtime.InteropServices;
using SkiaSharp;

namespace VariationalSparseCoding.Images.Files;

/// <summary>Turns images as cameras note it in the file (EXIF orientation).</summary>
internal static class Orientation
{
    /// <summary>Whether rows become columns.</summary>
    /// <param name="origin">The corner where the stored image begins.</param>
    public static bool Swaps(SKEncodedOrigin origin) => origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;

    /// <summary>Turns an image.</summary>
    /// <param name="colours">Four bytes of each pixel, [height, width, 4], replaced by those of the turned image; may be longer.</param>
    /// <param name="height">Rows as stored.</param>
    /// <param name="width">Columns as stored.</param>
    /// <param name="origin">The corner where the stored image begins.</param>
    public static void Turn(Span<byte> colours, int height, int width, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default) return;
        // Of the image's own size: the buffer may be as long as the largest image before it.
        uint[] pixels = new uint[height * width];
        var stored = MemoryMarshal.Cast<byte, uint>(colours)[..pixels.Length];
        var (rows, columns) = Swaps(origin) ? (width, height) : (height, width);
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
            {
                var (storedRow, storedColumn) = origin switch
                {
                    SKEncodedOrigin.TopRight => (row, width - 1 - column),
                    SKEncodedOrigin.BottomRight => (height - 1 - row, width - 1 - column),
                    SKEncodedOrigin.BottomLeft => (height - 1 - row, column),
                    SKEncodedOrigin.LeftTop => (column, row),
                    SKEncodedOrigin.RightTop => (height - 1 - column, row),
                    SKEncodedOrigin.RightBottom => (height - 1 - column, width - 1 - row),
                    _ => (column, width - 1 - row),
                };
                pixels[row * columns + column] = stored[storedRow * width + storedColumn];
            }
        pixels.CopyTo(stored);
    }
}
