using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Images.WholeImages;

/// <summary>
/// Brings a square of an image to the size of a sample: antialiased bilinear resampling, along rows and then along columns, each rounded to 8 bits, as Pillow's
/// Image.resize computes it for images of 8 bits. For one thread at a time.
/// </summary>
/// <param name="side">Rows and columns of the result, S.</param>
internal sealed class ImageResizer(int side)
{
    private const int Bytes = 4;
    private static readonly ConcurrentDictionary<(int Inputs, int Outputs), TriangleFilter> Filters = new();
    private byte[] narrowed = [];
    private readonly byte[] resized = new byte[side * side * Bytes];

    /// <summary>Crops and resizes.</summary>
    /// <param name="colours">The image, four bytes a pixel, [height, width, 4].</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="crop">The square that is taken; it lies within the image.</param>
    /// <param name="destination">Receives the first C of the four bytes of each pixel, [C, S, S].</param>
    public void Resize(ReadOnlySpan<byte> colours, int width, ImageCrop crop, Span<byte> destination)
    {
        var filter = Filters.GetOrAdd((crop.Side, side), static key => new TriangleFilter(key.Inputs, key.Outputs));
        int stride = side * Bytes;
        if (narrowed.Length < crop.Side * stride) narrowed = new byte[crop.Side * stride];
        for (int row = 0; row < crop.Side; row++)
            AlongRow(MemoryMarshal.Cast<byte, uint>(colours.Slice(((crop.Top + row) * width + crop.Left) * Bytes, crop.Side * Bytes)), filter, MemoryMarshal.Cast<byte, uint>(narrowed.AsSpan(row * stride, stride)));
        var rows = MemoryMarshal.Cast<byte, uint>(narrowed.AsSpan(0, crop.Side * stride));
        for (int row = 0; row < side; row++)
            AlongColumns(rows[(filter.First(row) * side)..], filter.Weights(row), MemoryMarshal.Cast<byte, uint>(resized.AsSpan(row * stride, stride)));
        int pixels = side * side;
        for (int channel = 0; channel < destination.Length / pixels; channel++)
            for (int i = 0; i < pixels; i++) destination[channel * pixels + i] = resized[i * Bytes + channel];
    }

    private static void AlongRow(ReadOnlySpan<uint> pixels, TriangleFilter filter, Span<uint> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            var weights = filter.Weights(i);
            var inputs = pixels.Slice(filter.First(i), weights.Length);
            var sum = Half;
            for (int k = 0; k < weights.Length; k++) sum += Widen(inputs[k]) * weights[k];
            destination[i] = Narrow(sum);
        }
    }

    private static void AlongColumns(ReadOnlySpan<uint> rows, ReadOnlySpan<int> weights, Span<uint> destination)
    {
        int width = destination.Length;
        for (int i = 0; i < width; i++)
        {
            var sum = Half;
            for (int k = 0; k < weights.Length; k++) sum += Widen(rows[k * width + i]) * weights[k];
            destination[i] = Narrow(sum);
        }
    }

    private static Vector128<int> Half => Vector128.Create(1 << (TriangleFilter.FractionBits - 1));

    private static Vector128<int> Widen(uint pixel) => Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(pixel).AsByte())).AsInt32();

    // Weights are positive, so a sum is at most 255.5 units: it needs no clamping but for weights that were rounded up.
    private static uint Narrow(Vector128<int> sum)
    {
        var bytes = Vector128.Min(sum >>> TriangleFilter.FractionBits, Vector128.Create((int)byte.MaxValue));
        return Vector128.Narrow(Vector128.Narrow(bytes.AsUInt32(), Vector128<uint>.Zero), Vector128<ushort>.Zero).AsUInt32().ToScalar();
    }
}
