using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace VariationalSparseCoding.Serialization;

/// <summary>The header of NumPy's array format, versions 1 to 3.</summary>
/// <param name="Type">NumPy's name of the element type, such as "&lt;f4".</param>
/// <param name="IsFortran">Whether the first index runs fastest.</param>
/// <param name="Shape">Lengths of the dimensions.</param>
/// <param name="Length">Bytes before the first element.</param>
internal sealed partial record NpyHeader(string Type, bool IsFortran, long[] Shape, long Length)
{
    public const string Float16 = "<f2", Float32 = "<f4", Float64 = "<f8", Int32 = "<i4", Int64 = "<i8";
    private const int Alignment = 64;
    private const int LongestText = 1 << 16;
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>How many elements the shape declares; an empty array is 0.</summary>
    /// <exception cref="InvalidInputException">More than any file can hold.</exception>
    public long ElementCount(string source)
    {
        Int128 count = 1;
        foreach (long length in Shape)
            if ((count *= length) > long.MaxValue / sizeof(double)) throw Malformed(source, $"the shape {ShapeText} is impossible");
        return (long)count;
    }

    public string ShapeText => Shape.Length == 1 ? $"({Shape[0]},)" : $"({string.Join(", ", Shape)})";

    /// <summary>The element type of values that can be written.</summary>
    public static string TypeOf<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? Float32 : typeof(T) == typeof(double) ? Float64 : typeof(T) == typeof(int) ? Int32 : typeof(T) == typeof(long) ? Int64
        : throw new ArgumentException($"Values of type {typeof(T).Name} are not written to .npy files; use float or double.");

    /// <summary>Whether bytes are those that an array begins with.</summary>
    /// <param name="bytes">The bytes.</param>
    public static bool IsBeginning(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <summary>Writes a header of version 1.0, C order.</summary>
    public static void Write(Stream stream, string type, params ReadOnlySpan<long> shape)
    {
        string dimensions = string.Join(", ", shape.ToArray()) + (shape.Length == 1 ? "," : "");
        string text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({dimensions}), }}";
        int prefix = Magic.Length + 2 + sizeof(ushort);
        int total = (prefix + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] bytes = new byte[total];
        bytes.AsSpan().Fill((byte)' ');
        Magic.CopyTo(bytes);
        (bytes[6], bytes[7]) = (1, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)(total - prefix));
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(prefix));
        bytes[^1] = (byte)'\n';
        stream.Write(bytes);
    }

    /// <summary>Reads a header; the stream is left at the first element.</summary>
    /// <param name="stream">The file or archive member, at its beginning.</param>
    /// <param name="source">How messages name it.</param>
    public static NpyHeader Read(Stream stream, string source)
    {
        byte[] prefix = new byte[12];
        int read = stream.ReadAtLeast(prefix.AsSpan(0, 8), 8, throwOnEndOfStream: false), seen = Math.Min(read, Magic.Length);
        if (!prefix.AsSpan(0, seen).SequenceEqual(Magic[..seen])) throw Malformed(source, "this is not a NumPy array");
        if (read < 8) throw new EndOfStreamException();
        if (prefix[6] is < 1 or > 3) throw Malformed(source, $"it has version {prefix[6]} of the NumPy format, not 1, 2 or 3");
        int width = prefix[6] == 1 ? sizeof(ushort) : sizeof(uint);
        stream.ReadExactly(prefix, 8, width);
        uint length = width == sizeof(ushort) ? BinaryPrimitives.ReadUInt16LittleEndian(prefix.AsSpan(8)) : BinaryPrimitives.ReadUInt32LittleEndian(prefix.AsSpan(8));
        if (length > LongestText) throw Malformed(source, $"it declares a header of {length} bytes, more than any array needs");
        byte[] text = new byte[length];
        stream.ReadExactly(text);
        return Parse(Encoding.UTF8.GetString(text), 8 + width + length, source);
    }

    private static NpyHeader Parse(string text, long length, string source)
    {
        var items = new Dictionary<string, string>();
        int end = 0;
        for (var match = Item().Match(text); match.Success; match = match.NextMatch())
        {
            items[match.Groups["key"].Value] = match.Groups["value"].Value;
            end = match.Index + match.Length;
        }
        if (!Remainder().IsMatch(text.AsSpan(end)) || items.Count != 3)
            throw Malformed(source, "its header does not name one plain element type, an order and a shape");
        var shape = new List<long>();
        foreach (string part in items["shape"].Trim('(', ')').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            // Python 2 wrote long integers as 400L.
            shape.Add(long.TryParse(part.AsSpan().TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out long dimension)
                ? dimension : throw Malformed(source, $"its shape {items["shape"]} is impossible"));
        return new NpyHeader(TypeOf(items["descr"].Trim('\'')), items["fortran_order"] == "True", [.. shape], length);
    }

    // Without an order of bytes, or with '=', the writer's own is meant: all processors of today's NumPy are little endian.
    private static string TypeOf(string description) => description switch
    {
        ['=', .. var rest] => "<" + rest,
        ['f' or 'i', ..] => "<" + description,
        _ => description,
    };

    private static InvalidInputException Malformed(string source, string cause) =>
        InputFile.Malformed(source, cause, "save it with numpy.save as a little-endian float32 or float64 array");

    [GeneratedRegex(@"\G[\s,{]*'(?<key>descr|fortran_order|shape)'\s*:\s*(?<value>'[^']*'|True|False|\([0-9L, ]*\))")]
    private static partial Regex Item();

    [GeneratedRegex(@"^[\s,]*}\s*$")]
    private static partial Regex Remainder();
}
