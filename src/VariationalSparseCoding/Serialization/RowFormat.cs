namespace VariationalSparseCoding.Serialization;

/// <summary>A kind of file that holds rows of numbers. Other packages register theirs; see <see cref="RowFormats"/>.</summary>
internal abstract class RowFormat
{
    /// <summary>The endings of its files, such as ".npz", in lower case.</summary>
    public abstract IReadOnlyList<string> Endings { get; }

    /// <summary>What a file calls the part that holds the rows: tensor, array or column.</summary>
    public abstract string PartName { get; }

    /// <summary>Opens the rows of a file. Only headers are read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="part">Which tensor, array or column; empty for the only one that holds rows of numbers.</param>
    /// <exception cref="InvalidInputException">The file is missing, damaged, or holds no such rows.</exception>
    public abstract RowShard Open(string path, string part);

    /// <summary>Chooses among the parts of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="part">The part that is asked for; empty if none is.</param>
    /// <param name="parts">The names of all parts.</param>
    /// <param name="candidates">The names of those that can hold rows.</param>
    /// <returns>The part's name.</returns>
    /// <exception cref="InvalidInputException">There is no such part, or there are several and none is asked for.</exception>
    protected string Choose(string path, string part, IReadOnlyList<string> parts, IReadOnlyList<string> candidates)
    {
        const int MostNamed = 10;
        if (part.Length > 0)
            return parts.Contains(part) ? part : throw InputFile.Malformed(path, $"it has no {PartName} '{part}'", parts.Count == 0 ? "it has none at all" : $"there {(parts.Count == 1 ? "is" : "are")} {Listed(parts)}");
        if (candidates.Contains(StoreDescription.TensorName)) return StoreDescription.TensorName;
        return candidates.Count switch
        {
            1 => candidates[0],
            0 => throw InputFile.Malformed(path, $"it has no {PartName} with rows of floating-point numbers", parts.Count == 0 ? "it is empty" : $"there {(parts.Count == 1 ? "is" : "are")} {Listed(parts)}"),
            _ => throw InputFile.Malformed(path, $"it has several: {Listed(candidates)}", $"say which {PartName} by data.tensor"),
        };

        static string Listed(IReadOnlyList<string> names) => string.Join(", ", names.Take(MostNamed)) + (names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "");
    }

    /// <summary>The rows of an array: its last dimension is D, and the others count rows.</summary>
    /// <param name="path">The file.</param>
    /// <param name="number">How each value is stored.</param>
    /// <param name="shape">Lengths of the dimensions.</param>
    /// <param name="offset">Bytes before the first value.</param>
    /// <exception cref="InvalidInputException">It is not an array of rows.</exception>
    protected static RowLayout Rows(string path, StoredNumber number, ReadOnlySpan<long> shape, long offset)
    {
        Int128 rows = 1;
        foreach (long length in shape[..Math.Max(0, shape.Length - 1)]) rows = Int128.Min(rows * length, long.MaxValue);
        if (shape.Length < 2 || rows < 1 || shape[^1] is < 1 or > int.MaxValue / sizeof(double) || rows > long.MaxValue / sizeof(double) / shape[^1])
            throw InputFile.Malformed(path, $"its shape is ({string.Join(", ", shape.ToArray())})", "rows of numbers need two dimensions or more, the last of which is that of a row's values");
        return RowLayout.Of(number, offset, (long)rows, (int)shape[^1]);
    }
}
