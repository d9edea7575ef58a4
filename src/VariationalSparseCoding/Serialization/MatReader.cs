using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace VariationalSparseCoding.Serialization;

/// <summary>Storage types of elements in a MATLAB file.</summary>
internal enum MatType
{
    Int8 = 1, UInt8 = 2, Int16 = 3, UInt16 = 4, Int32 = 5, UInt32 = 6, Single = 7, Double = 9, Int64 = 12, UInt64 = 13, Matrix = 14, Compressed = 15,
}

/// <summary>Reads the elements of one enclosing element (or of the file), and never beyond it.</summary>
internal sealed class MatReader(Stream stream, long length, bool bigEndian, string source)
{
    private const int ElementAlignment = 8;
    private const int LargestSmallElement = 4;

    /// <summary>Bytes that are left.</summary>
    public long Remaining { get; private set; } = length;

    /// <summary>The next element's tag. Up to four bytes of data are stored inside the tag itself.</summary>
    public (MatType Type, long Bytes, bool IsSmall) ReadTag()
    {
        uint first = ReadUInt32();
        var (type, bytes, isSmall) = first >> 16 == 0 ? (first, ReadUInt32(), false) : (first & 0xffff, first >> 16, true);
        if (isSmall && bytes > LargestSmallElement) throw Damaged($"a small element declares {bytes} bytes");
        if (bytes > Remaining) throw Damaged($"an element declares {bytes} bytes where {Remaining} are left");
        return ((MatType)type, bytes, isSmall);
    }

    /// <summary>The next element as bytes.</summary>
    /// <param name="most">More bytes than this are an error.</param>
    /// <param name="expected">The types it may have.</param>
    public byte[] ReadBytes(int most, params ReadOnlySpan<MatType> expected)
    {
        var (type, bytes, isSmall) = ReadTag();
        if (!expected.Contains(type) || bytes > most) throw Damaged($"an element of type {(int)type} and {bytes} bytes stands where another is due");
        byte[] data = new byte[bytes];
        Fill(data);
        SkipPadding(bytes, isSmall);
        return data;
    }

    /// <summary>The next element's numbers.</summary>
    /// <param name="count">How many there must be.</param>
    public double[] ReadNumbers(int count)
    {
        var (type, bytes, isSmall) = ReadTag();
        double[] numbers = type switch
        {
            MatType.Int8 => Convert<sbyte>(count, bytes),
            MatType.UInt8 => Convert<byte>(count, bytes),
            MatType.Int16 => Convert<short>(count, bytes),
            MatType.UInt16 => Convert<ushort>(count, bytes),
            MatType.Int32 => Convert<int>(count, bytes),
            MatType.UInt32 => Convert<uint>(count, bytes),
            MatType.Single => Convert<float>(count, bytes),
            MatType.Double => Convert<double>(count, bytes),
            MatType.Int64 => Convert<long>(count, bytes),
            MatType.UInt64 => Convert<ulong>(count, bytes),
            _ => throw Damaged($"numbers of the unknown type {(int)type}"),
        };
        SkipPadding(bytes, isSmall);
        return numbers;
    }

    /// <summary>A 32-bit number in the file's byte order.</summary>
    public uint ReadUInt32()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        Fill(bytes);
        return ToUInt32(bytes);
    }

    /// <summary>A 32-bit number in the file's byte order.</summary>
    public uint ToUInt32(ReadOnlySpan<byte> bytes) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    /// <summary>Passes over bytes.</summary>
    public void Skip(long bytes)
    {
        if (bytes > Remaining) throw Damaged("an element ends behind the one that encloses it");
        Span<byte> block = stackalloc byte[4096];
        while (bytes > 0)
        {
            var part = block[..(int)Math.Min(bytes, block.Length)];
            Fill(part);
            bytes -= part.Length;
        }
    }

    /// <summary>The exception for content that contradicts itself.</summary>
    public InvalidInputException Damaged(string cause) =>
        InputFile.Malformed(source, cause, "this is not an intact MATLAB file: copy it again or save it again with save -v7");

    private double[] Convert<T>(int count, long bytes) where T : unmanaged, INumber<T>
    {
        int width = Marshal.SizeOf<T>();
        if (bytes != (long)count * width) throw Damaged($"{count} numbers of {width} bytes cannot take {bytes} bytes");
        var numbers = new double[count];
        var block = new T[Math.Min(count, 1 << 13)];
        for (int first = 0; first < count; first += block.Length)
        {
            var part = block.AsSpan(0, Math.Min(block.Length, count - first));
            var raw = MemoryMarshal.AsBytes(part);
            Fill(raw);
            if (bigEndian)
                for (int i = 0; i < part.Length; i++) raw.Slice(i * width, width).Reverse();
            for (int i = 0; i < part.Length; i++) numbers[first + i] = double.CreateTruncating(part[i]);
        }
        return numbers;
    }

    private void Fill(Span<byte> bytes)
    {
        if (bytes.Length > Remaining) throw Damaged("an element ends behind the one that encloses it");
        stream.ReadExactly(bytes);
        Remaining -= bytes.Length;
    }

    private void SkipPadding(long bytes, bool isSmall)
    {
        int alignment = isSmall ? LargestSmallElement : ElementAlignment;
        long padding = (alignment - bytes % alignment) % alignment;
        // Some writers leave out the padding of the last element.
        Skip(Math.Min(padding, Remaining));
    }
}
