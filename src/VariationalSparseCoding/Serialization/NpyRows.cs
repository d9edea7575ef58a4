namespace VariationalSparseCoding.Serialization;

/// <summary>Rows in NumPy files of float16, float32 and float64.</summary>
internal sealed class NpyRows : RowFormat
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Endings => [".npy"];

    /// <inheritdoc/>
    public override string PartName => "array";

    /// <inheritdoc/>
    public override RowShard Open(string path, string part) => RowFile.Open(path, stream =>
    {
        var layout = Layout(NpyHeader.Read(stream, path), path);
        return layout.End == stream.Length ? layout
            : throw InputFile.Malformed(path, $"its rows end at byte {layout.End} and the file at byte {stream.Length}", "copy or save it again");
    });

    /// <summary>The rows that a header describes, placed right behind it.</summary>
    /// <param name="header">The header.</param>
    /// <param name="source">How messages name the array.</param>
    /// <exception cref="InvalidInputException">The array is not one of rows of floating-point numbers.</exception>
    internal static RowLayout Layout(NpyHeader header, string source)
    {
        if (NumberOf(header) is not { } number)
            throw InputFile.Malformed(source, $"its element type is {header.Type}", "save it as little-endian float16, float32 or float64, for example numpy.save(path, x.astype('<f4'))");
        if (header.IsFortran) throw InputFile.Malformed(source, "its first index runs fastest (Fortran order), so that rows do not lie together", "save it with numpy.save(path, numpy.ascontiguousarray(x))");
        return Rows(source, number, header.Shape, header.Length);
    }

    /// <summary>How the values are stored; null if they are not floating-point numbers.</summary>
    /// <param name="header">The array's header.</param>
    internal static StoredNumber? NumberOf(NpyHeader header) => header.Type switch
    {
        NpyHeader.Float16 => StoredNumber.Float16,
        NpyHeader.Float32 => StoredNumber.Float32,
        NpyHeader.Float64 => StoredNumber.Float64,
        _ => null,
    };
}
