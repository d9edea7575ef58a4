namespace VariationalSparseCoding.Serialization;

/// <summary>The table of the kinds of files that hold rows of numbers. The library knows those that need no other package. Safe from several threads.</summary>
internal static class RowFormats
{
    private static readonly Lock Registration = new();

    // Kinds that another package opens, so that whoever has not got it is told.
    private static readonly string[] endingsOfOthers = [".parquet", ".arrow", ".feather"];

    private static volatile RowFormat[] all = [new NpyRows(), new NpzRows(), new SafetensorsRows()];

    /// <summary>The endings of all files that hold rows, whether or not this program can open them.</summary>
    public static IReadOnlyList<string> Endings => [.. all.SelectMany(format => format.Endings).Union(endingsOfOthers)];

    /// <summary>Adds kinds of files; those that are known already are passed over.</summary>
    /// <param name="formats">The kinds.</param>
    public static void Register(params IReadOnlyList<RowFormat> formats)
    {
        lock (Registration)
        {
            all = [.. all.Concat(formats).DistinctBy(format => format.GetType())];
        }
    }

    /// <summary>Whether a file's ending is that of a kind that holds rows.</summary>
    /// <param name="path">The file.</param>
    public static bool HasEnding(string path) => Endings.Contains(EndingOf(path));

    /// <summary>Returns a file's ending in lower case.</summary>
    /// <param name="path">The file.</param>
    public static string EndingOf(string path) => Path.GetExtension(path).ToLowerInvariant();

    /// <summary>Returns the kind of a file by its ending.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">No registered kind has that ending.</exception>
    public static RowFormat Require(string path)
    {
        string ending = EndingOf(path);
        if (Array.Find(all, format => format.Endings.Contains(ending)) is { } found) return found;
        throw endingsOfOthers.Contains(ending)
            ? new InvalidInputException($"{path}: this program cannot read {ending} files; they need the package VariationalSparseCoding.Columnar and a call of ColumnarData.Register()")
            : new InvalidInputException($"{path}: rows of numbers are read from files that end in {string.Join(", ", Endings)}; convert the file into one of these");
    }
}
