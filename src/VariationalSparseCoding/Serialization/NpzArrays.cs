using System.IO.Compression;

namespace VariationalSparseCoding.Serialization;

/// <summary>Named arrays in archives of numpy.savez and numpy.savez_compressed: numbers of float16, float32, float64, int32, int64 and uint8. Rows and sparse matrices have readers of their own.</summary>
internal static class NpzArrays
{
    private const string Ending = ".npy";

    // Behind a compressed array stands memory, so what it may take is bounded.
    private const long LargestInflated = 1L << 30;

    private static readonly (string Npy, SafetensorsType Type)[] types =
    [
        (NpyHeader.Float16, SafetensorsType.F16), (NpyHeader.Float32, SafetensorsType.F32), (NpyHeader.Float64, SafetensorsType.F64),
        (NpyHeader.Int32, SafetensorsType.I32), (NpyHeader.Int64, SafetensorsType.I64), ("|u1", SafetensorsType.U8),
    ];

    /// <summary>Reads all arrays.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file is missing, damaged, or holds something else than arrays of numbers.</exception>
    public static IReadOnlyDictionary<string, StoredTensor> Read(string path) => InputFile.Read(path, stream =>
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        var arrays = new Dictionary<string, StoredTensor>();
        long left = Math.Max(LargestInflated, 2 * stream.Length);
        foreach (var entry in zip.Entries.Where(entry => entry.FullName.EndsWith(Ending, StringComparison.Ordinal)))
        {
            string name = entry.FullName[..^Ending.Length];
            if ((left -= entry.Length) < 0 || !InputFile.CanExpandTo(entry.CompressedLength, entry.Length))
                throw InputFile.Malformed(path, $"array '{name}' declares {entry.Length} bytes, more than the file may hold", "save it again with numpy.savez");
            if (!arrays.TryAdd(name, ReadArray($"{path} ({name})", name, entry))) throw InputFile.Malformed(path, $"it holds the array '{name}' twice", "save it again with numpy.savez");
        }
        return arrays;
    });

    /// <summary>Writes arrays, stored as they are. Equal content gives equal bytes.</summary>
    /// <param name="path">The file's final path; see <see cref="AtomicFile"/>.</param>
    /// <param name="arrays">The arrays.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written.</exception>
    public static void Write(string path, IEnumerable<StateTensor> arrays) => AtomicFile.Write(path, stream =>
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var array in arrays)
        {
            using var member = Npz.CreateMember(archive, array.Name);
            NpyHeader.Write(member, Array.Find(types, known => known.Type == array.Type).Npy ?? throw new ArgumentException($"Arrays of {array.Type.Name} are not written.", nameof(arrays)), [.. array.Shape]);
            member.Write(array.Read());
        }
    });

    private static StoredTensor ReadArray(string source, string name, ZipArchiveEntry entry)
    {
        using var member = entry.Open();
        var header = NpyHeader.Read(member, source);
        var type = Array.Find(types, known => known.Npy == header.Type).Type
            ?? throw InputFile.Malformed(source, $"its element type is {header.Type}", $"save it as one of {string.Join(", ", types.Select(known => known.Npy))}");
        long bytes = header.ElementCount(source) * type.Bytes;
        if (bytes != entry.Length - header.Length) throw InputFile.Malformed(source, $"an array of shape {header.ShapeText} takes {bytes} bytes, and {entry.Length - header.Length} are there", "save it again with numpy.savez");
        if (bytes > Array.MaxLength) throw InputFile.Malformed(source, $"it takes {bytes} bytes, and arrays of 2 GB and more are not read", "split it");
        if (header.IsFortran && header.Shape.Length > 2) throw InputFile.Malformed(source, "it is in Fortran order", "save it in C order");
        byte[] values = Safetensors.ReadBytes(member, (int)bytes, isThere: false);
        return new(name, type, header.Shape, header.IsFortran && header.Shape is [var rows, var columns] ? Transposed(values, (int)rows, (int)columns, type.Bytes) : values);
    }

    /// <summary>Puts a matrix whose first index runs fastest into the usual order.</summary>
    private static byte[] Transposed(byte[] values, int rows, int columns, int width)
    {
        byte[] ordered = new byte[values.Length];
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
                values.AsSpan((column * rows + row) * width, width).CopyTo(ordered.AsSpan((row * columns + column) * width));
        return ordered;
    }
}
