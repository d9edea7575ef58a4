using System.IO.Compression;
using System.Text;

namespace VariationalSparseCoding.Tests.Serialization;

/// <summary>Builds MATLAB level 5 files by hand.</summary>
internal sealed class MatWriter(bool bigEndian = false)
{
    private const int Int8 = 1, Int32 = 5, UInt32 = 6, Double = 9, Matrix = 14, Compressed = 15, DoubleClass = 6;

    public byte[] File(params byte[][] elements) =>
    [
        .. Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file, built for a test".PadRight(124)),
        .. bigEndian ? (byte[])[1, 0, (byte)'M', (byte)'I'] : [0, 1, (byte)'I', (byte)'M'],
        .. elements.SelectMany(element => element),
    ];

    public byte[] Doubles(string name, int[] dimensions, params double[] values) =>
        Array(name, dimensions, Double, Bytes(values, BitConverter.GetBytes));

    public byte[] Array(string name, int[] dimensions, int storage, byte[] data, int arrayClass = DoubleClass, bool isComplex = false) => Element(Matrix,
    [
        .. Element(UInt32, [.. Number((isComplex ? 0x0800 : 0) | arrayClass), .. Number(0)]),
        .. Element(Int32, Bytes(dimensions, BitConverter.GetBytes)),
        .. Element(Int8, Encoding.ASCII.GetBytes(name)),
        .. Element(storage, data),
    ]);

    public byte[] Element(int type, byte[] data)
    {
        if (data.Length is > 0 and <= 4)
        {
            byte[] tag = bigEndian ? [0, (byte)data.Length, 0, (byte)type] : [(byte)type, 0, (byte)data.Length, 0];
            return [.. tag, .. data, .. new byte[4 - data.Length]];
        }
        return [.. Number(type), .. Number(data.Length), .. data, .. new byte[(8 - data.Length % 8) % 8]];
    }

    public byte[] Compress(byte[] element)
    {
        using var stream = new MemoryStream();
        using (var zlib = new ZLibStream(stream, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(element);
        return [.. Number(Compressed), .. Number((int)stream.Length), .. stream.ToArray()];
    }

    public byte[] Bytes<T>(T[] values, Func<T, byte[]> convert) => [.. values.SelectMany(value => Ordered(convert(value)))];

    private byte[] Number(int value) => Ordered(BitConverter.GetBytes(value));

    private byte[] Ordered(byte[] bytes)
    {
        if (bigEndian) bytes.AsSpan().Reverse();
        return bytes;
    }
}
