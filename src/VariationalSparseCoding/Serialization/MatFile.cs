using System.IO.Compression;
using System.Text;

namespace VariationalSparseCoding.Serialization;

/// <summary>
/// Reads MATLAB files of level 5 (save -v6 and -v7; "MAT-File Format", The MathWorks), of either byte order. Real full numeric arrays of any dimensions
/// are returned; cells, structures, text, sparse and complex arrays are passed over.
/// </summary>
internal static class MatFile
{
    private const int HeaderBytes = 128, TagBytes = 8, LongestName = 4096, MostDimensions = 32;
    private const long LargestElement = 1L << 30;
    private const int DoubleClass = 6, LastNumericClass = 15, ComplexFlag = 0x0800;

    /// <summary>Reads all real numeric arrays.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The arrays by name; of several with one name the last.</returns>
    /// <exception cref="InvalidInputException">The file is missing, truncated, of another level (such as 7.3, which is HDF5), or holds more than 1 GiB of numbers.</exception>
    public static IReadOnlyDictionary<string, MatArray> Read(string path) => Read(path, withValues: true);

    /// <summary>Reads names and dimensions of all real numeric arrays, and passes over their values.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The arrays by name, each without values; of several with one name the last.</returns>
    /// <exception cref="InvalidInputException">The file is missing, truncated, of another level (such as 7.3, which is HDF5), or declares more than 1 GiB of numbers.</exception>
    public static IReadOnlyDictionary<string, MatArray> ReadShapes(string path) => Read(path, withValues: false);

    private static Dictionary<string, MatArray> Read(string path, bool withValues) => InputFile.Read(path, stream =>
    {
        bool bigEndian = ReadHeader(stream, path);
        var arrays = new Dictionary<string, MatArray>();
        var file = new MatReader(stream, stream.Length - HeaderBytes, bigEndian, path);
        long budget = LargestElement;
        while (file.Remaining > 0)
        {
            var (type, bytes, isSmall) = file.ReadTag();
            if (isSmall) throw file.Damaged("a variable is stored as a small element");
            long next = stream.Position + bytes;
            var array = type switch
            {
                MatType.Compressed => ReadCompressed(stream, bytes, bigEndian, path, withValues, ref budget),
                MatType.Matrix => ReadArray(new MatReader(stream, bytes, bigEndian, path), withValues, ref budget),
                _ => null,
            };
            if (array is not null) arrays[array.Name] = array;
            stream.Position = next;
            file = new MatReader(stream, stream.Length - next, bigEndian, path);
        }
        return arrays;
    });

    private static bool ReadHeader(FileStream stream, string path)
    {
        byte[] header = new byte[HeaderBytes];
        int read = stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false);
        string text = Encoding.Latin1.GetString(header, 0, read);
        if (text.StartsWith("\u0089HDF", StringComparison.Ordinal) || text.StartsWith("MATLAB 7.3", StringComparison.Ordinal))
            throw InputFile.Malformed(path, "this is a MATLAB 7.3 file (HDF5), which is not read", "save it in MATLAB with save(..., '-v7') or '-v6'");
        string order = read == HeaderBytes ? text[126..] : "";
        int majorVersion = header[order == "MI" ? 124 : 125];
        if (order is not ("IM" or "MI") || majorVersion != 1)
            throw InputFile.Malformed(path, "this is not a MATLAB file of level 5", "save it in MATLAB with save(..., '-v7') or '-v6'");
        return order == "MI";
    }

    private static MatArray? ReadCompressed(FileStream stream, long bytes, bool bigEndian, string path, bool withValues, ref long budget)
    {
        using var inflated = new ZLibStream(new PartStream(stream, bytes), CompressionMode.Decompress);
        var outer = new MatReader(inflated, TagBytes + LargestElement, bigEndian, path);
        var (type, length, isSmall) = outer.ReadTag();
        if (type != MatType.Matrix || isSmall) throw outer.Damaged("a compressed element does not hold an array");
        if (!InputFile.CanExpandTo(bytes, length)) throw outer.Damaged($"{bytes} compressed bytes cannot hold the {length} bytes they declare");
        var array = ReadArray(new MatReader(inflated, length, bigEndian, path), withValues, ref budget);
        // Only a stream that is read to its end checks its sum.
        if (array is not null && withValues && inflated.ReadByte() >= 0) throw outer.Damaged($"the compressed array '{array.Name}' is longer than it declares");
        return array;
    }

    private static MatArray? ReadArray(MatReader reader, bool withValues, ref long budget)
    {
        if (reader.Remaining == 0) return null;
        byte[] flags = reader.ReadBytes(TagBytes, MatType.UInt32);
        if (flags.Length != TagBytes) throw reader.Damaged("an array has no flags");
        uint word = reader.ToUInt32(flags);
        if ((word & 0xff) is < DoubleClass or > LastNumericClass || (word & ComplexFlag) != 0) return null;

        byte[] dimensionBytes = reader.ReadBytes(MostDimensions * sizeof(int), MatType.Int32, MatType.UInt32);
        int[] dimensions = new int[dimensionBytes.Length / sizeof(int)];
        for (int i = 0; i < dimensions.Length; i++) dimensions[i] = (int)reader.ToUInt32(dimensionBytes.AsSpan(i * sizeof(int)));
        string name = Encoding.Latin1.GetString(reader.ReadBytes(LongestName, MatType.Int8, MatType.UInt8));
        if (dimensions.Length < 2 || dimensions.Any(length => length < 0)) throw reader.Damaged($"array '{name}' has impossible dimensions");
        Int128 count = 1;
        foreach (int length in dimensions)
            if ((count *= length) * sizeof(double) > budget)
                throw reader.Damaged($"array '{name}' of {string.Join(" x ", dimensions)} brings the file over 1 GiB of numbers");
        budget -= (long)count * sizeof(double);
        if (count > reader.Remaining) throw reader.Damaged($"array '{name}' declares {count} numbers where {reader.Remaining} bytes are left");
        if (!withValues) return new MatArray(name, dimensions, []);
        double[] values = reader.ReadNumbers((int)count);
        reader.Skip(reader.Remaining);
        return new MatArray(name, dimensions, values);
    }
}
