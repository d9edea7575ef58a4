using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace VariationalSparseCoding.Serialization;

/// <summary>Sparse matrices in the layout of SciPy's save_npz and load_npz, format csr.</summary>
internal static class Npz
{
    private const string Format = "csr";
    private const long LargestInflated = 1L << 30;

    // Zip cannot hold an earlier time, and the time of writing would make equal content differ.
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes the matrix as float32 values with int32 indices. Equal content gives equal bytes.</summary>
    /// <param name="path">The file's final path; see <see cref="AtomicFile"/>.</param>
    /// <param name="matrix">The matrix, [N, d].</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written.</exception>
    public static void Write(string path, CsrMatrix matrix) => AtomicFile.Write(path, stream =>
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        WriteMember<int>(archive, "indices", matrix.ColumnIndices);
        WriteMember<int>(archive, "indptr", matrix.RowStarts);
        using (var member = CreateMember(archive, "format"))
        {
            NpyHeader.Write(member, $"|S{Format.Length}");
            member.Write(Encoding.ASCII.GetBytes(Format));
        }
        WriteMember<long>(archive, "shape", [matrix.Rows, matrix.Columns]);
        WriteMember<float>(archive, "data", matrix.Values);
    });

    /// <summary>Reads a csr matrix of float32 or float64 values (rounded to float32) with int32 or int64 indices.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file is missing, damaged, of another sparse format, or its parts contradict each other.</exception>
    public static CsrMatrix Read(string path) => InputFile.Read(path, stream =>
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        var archive = new Archive(zip, path, stream.Length);
        string format = ReadFormat(archive);
        if (format != Format) throw InputFile.Malformed(path, $"its sparse format is '{format}'", "convert it with .tocsr() before scipy.sparse.save_npz");
        var shape = ReadMember<long>(archive, "shape");
        var starts = ReadMember<int>(archive, "indptr");
        var indices = ReadMember<int>(archive, "indices");
        var values = ReadMember<float>(archive, "data");
        string? contradiction = shape is not [>= 0, >= 1 and <= int.MaxValue] ? "its shape is not that of a matrix with columns"
            : shape[0] != starts.Length - 1 ? $"{shape[0]} rows need {shape[0] + 1} row starts, not {starts.Length}"
            : CsrMatrix.Contradiction(shape[1], starts, indices, values);
        if (contradiction is not null) throw Damaged(path, contradiction);
        return new CsrMatrix((int)shape[1], starts, indices, values);
    });

    /// <summary>Creates a member that is stored as it is.</summary>
    /// <param name="archive">The archive, being written.</param>
    /// <param name="name">The array's name.</param>
    internal static Stream CreateMember(ZipArchive archive, string name)
    {
        var entry = archive.CreateEntry(name + ".npy", CompressionLevel.NoCompression);
        entry.LastWriteTime = EntryTime;
        return entry.Open();
    }

    private static void WriteMember<T>(ZipArchive archive, string name, ReadOnlySpan<T> values) where T : unmanaged
    {
        using var member = CreateMember(archive, name);
        NpyHeader.Write(member, NpyHeader.TypeOf<T>(), values.Length);
        while (!values.IsEmpty)
        {
            int count = Math.Min(values.Length, 1 << 20);
            member.Write(MemoryMarshal.AsBytes(values[..count]));
            values = values[count..];
        }
    }

    private static T OpenMember<T>(Archive archive, string name, Func<Stream, long, T> read)
    {
        var entry = archive.Zip.GetEntry(name + ".npy")
            ?? throw InputFile.Malformed(archive.Path, $"it has no member '{name}'", "write it with scipy.sparse.save_npz");
        long limit = Math.Max(LargestInflated, 16 * archive.Length);
        if (entry.Length > limit || !InputFile.CanExpandTo(entry.CompressedLength, entry.Length))
            throw Damaged(archive.Path, $"member '{name}' declares {entry.Length} bytes, more than its {entry.CompressedLength} compressed bytes may hold");
        using var member = entry.Open();
        return read(member, entry.Length);
    }

    private static string ReadFormat(Archive archive) => OpenMember(archive, "format", (member, _) =>
    {
        var header = NpyHeader.Read(member, $"{archive.Path} (format)");
        var (encoding, width) = header.Type switch { ['|', 'S', ..] => (Encoding.ASCII, 1), ['<', 'U', ..] => (Encoding.UTF32, 4), _ => (null, 0) };
        if (encoding is null || header.Shape.Length != 0 || !int.TryParse(header.Type.AsSpan(2), out int letters) || letters is < 1 or > 16)
            throw Damaged(archive.Path, "member 'format' is not a short text");
        byte[] text = new byte[letters * width];
        member.ReadExactly(text);
        return encoding.GetString(text).TrimEnd('\0');
    });

    private static T[] ReadMember<T>(Archive archive, string name) where T : unmanaged, INumber<T> => OpenMember(archive, name, (member, length) =>
    {
        string source = $"{archive.Path} ({name})";
        var header = NpyHeader.Read(member, source);
        bool whole = typeof(T) != typeof(float);
        Func<Stream, long, T[]> read = (header.Type, whole) switch
        {
            (NpyHeader.Int32, true) => ReadValues<int, T>,
            (NpyHeader.Int64, true) => ReadValues<long, T>,
            (NpyHeader.Float32, false) => ReadValues<float, T>,
            (NpyHeader.Float64, false) => ReadValues<double, T>,
            _ => throw InputFile.Malformed(source, $"its element type is {header.Type}", whole ? "save the indices as int32 or int64" : "save the data as float32 or float64"),
        };
        long count = header.ElementCount(source);
        if (header.Shape.Length != 1 || count > (length - header.Length) / (header.Type[^1] - '0') || count > Array.MaxLength)
            throw Damaged(archive.Path, $"member '{name}' of shape {header.ShapeText} does not fit into its {length} bytes");
        return read(member, count);
    });

    private static T[] ReadValues<TStored, T>(Stream member, long count)
        where TStored : unmanaged, INumber<TStored> where T : unmanaged, INumber<T>
    {
        var values = new T[count];
        var block = new TStored[Math.Min(count, 1 << 16)];
        for (int first = 0; first < values.Length; first += block.Length)
        {
            var stored = block.AsSpan(0, Math.Min(block.Length, values.Length - first));
            member.ReadExactly(MemoryMarshal.AsBytes(stored));
            // Saturation keeps an index that is too large too large, so that the later check refuses it.
            for (int i = 0; i < stored.Length; i++) values[first + i] = T.CreateSaturating(stored[i]);
        }
        return values;
    }

    private static InvalidInputException Damaged(string path, string cause) =>
        InputFile.Malformed(path, cause, "this is not an intact sparse matrix: save it again with scipy.sparse.save_npz");

    private sealed record Archive(ZipArchive Zip, string Path, long Length);
}
