using System.Buffers.Binary;
using System.IO.Compression;

namespace VariationalSparseCoding.Serialization;

/// <summary>An array of bytes in the IDX format, the MNIST family's: two zeros, the type 8 (unsigned byte), the number of dimensions, their lengths (big endian), the values.</summary>
/// <param name="Dimensions">Lengths of the dimensions, the slowest first.</param>
/// <param name="Values">The values, the last index running fastest.</param>
internal sealed record IdxFile(IReadOnlyList<int> Dimensions, byte[] Values)
{
    private const byte UnsignedByte = 8;
    private const int MostDimensions = 4;

    /// <summary>The dimensions as messages write them.</summary>
    public string Shape => string.Join(" x ", Dimensions);

    /// <summary>Whether a file's name says that it is of this format: train-images-idx3-ubyte.gz, digits.idx.</summary>
    /// <param name="path">The file's name.</param>
    public static bool IsIdx(string path)
    {
        string name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return name.EndsWith("-ubyte", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".idx", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Reads a file, compressed by gzip or not.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file cannot be read, is of another format or type, or its length is not that of the declared dimensions.</exception>
    public static IdxFile Read(string path) => InputFile.Read(path, file =>
    {
        using var content = Unzipped(file);
        bool isZipped = content != file;
        int[] dimensions = ReadDimensions(content, path);
        long size = 1;
        foreach (int length in dimensions)
            if ((size *= length) > Array.MaxLength) throw Malformed(path, $"it declares {string.Join(" x ", dimensions)} values, more than can be held");
        long body = file.Length - sizeof(int) * (1 + dimensions.Length);
        if (isZipped ? !InputFile.CanExpandTo(file.Length, size) : body != size)
            throw Malformed(path, $"it declares {string.Join(" x ", dimensions)} values but holds {(isZipped ? $"only {file.Length} compressed" : body)} bytes");
        byte[] values = new byte[size];
        content.ReadExactly(values);
        if (content.ReadByte() >= 0) throw Malformed(path, $"it holds more than the {size} values that it declares");
        return new IdxFile(dimensions, values);
    });

    /// <summary>Reads the dimensions of a file's array, and passes over its values.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file cannot be read, or is of another format or type.</exception>
    public static IReadOnlyList<int> ReadDimensions(string path) => InputFile.Read(path, file =>
    {
        using var content = Unzipped(file);
        return ReadDimensions(content, path);
    });

    /// <summary>Opens a file's content for reading, decompressed where it is compressed by gzip.</summary>
    /// <param name="file">The file, at its beginning.</param>
    public static Stream Unzipped(FileStream file)
    {
        bool isZipped = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return isZipped ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private static int[] ReadDimensions(Stream content, string path)
    {
        Span<byte> word = stackalloc byte[sizeof(int)];
        content.ReadExactly(word);
        if (word[0] != 0 || word[1] != 0 || word[3] is 0 or > MostDimensions) throw Malformed(path, "this is not an IDX file");
        if (word[2] != UnsignedByte) throw Malformed(path, $"its values are of type {word[2]}, not {UnsignedByte} (unsigned bytes)");
        int[] dimensions = new int[word[3]];
        for (int i = 0; i < dimensions.Length; i++)
        {
            content.ReadExactly(word);
            dimensions[i] = BinaryPrimitives.ReadInt32BigEndian(word);
            if (dimensions[i] < 1) throw Malformed(path, $"dimension {i} of its array is {(uint)dimensions[i]}");
        }
        return dimensions;
    }

    private static InvalidInputException Malformed(string path, string cause) => InputFile.Malformed(path, cause, "copy or download it again");
}
