using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Columnar;

/// <summary>Turns whatever the libraries of these formats throw over a damaged file into a refusal.</summary>
internal static class ColumnFailures
{
    /// <summary>Bytes of the rows of a block as float32, at most: a block is read whole.</summary>
    private const long LargestBlock = 1L << 30;

    /// <summary>Reads a file by a library.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">The format's name.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static T Guard<T>(string path, string format, Func<T> read) => InputFile.Guard(path, () =>
    {
        try
        {
            return read();
        }
        // Sizes that a damaged file declares may be larger than memory.
        catch (Exception failure) when (failure is not (InvalidInputException or IOException or UnauthorizedAccessException))
        {
            throw InputFile.Malformed(path, $"this is not an intact {format} file ({failure.GetType().Name}: {failure.Message})", "copy or save it again", failure);
        }
    });

    /// <summary>Returns the rows of a block as a number that memory can hold.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="columns">D.</param>
    /// <exception cref="InvalidInputException">They are too many.</exception>
    public static int RequireRoom(string path, long rows, int columns) => (Int128)rows * columns * sizeof(float) <= LargestBlock ? (int)rows
        : throw InputFile.Malformed(path, $"a group of {rows} rows of {columns} values is read whole and takes more than {LargestBlock >> 20} MiB", "save it with fewer rows in a group");
}
