namespace VariationalSparseCoding.Serialization;

/// <summary>Rows of D values in one file: a part of a store. What the file declares was checked against its length when it was opened. Reading is safe from several threads.</summary>
/// <param name="path">The file.</param>
/// <param name="rows">N.</param>
/// <param name="columns">D.</param>
internal abstract class RowShard(string path, long rows, int columns) : IDisposable
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>N.</summary>
    public long Rows { get; } = rows;

    /// <summary>D.</summary>
    public int Columns { get; } = columns;

    /// <summary>
    /// Where the rows can only be read block by block, such as a compressed file's: how many rows each block has. Null where any row can be read by itself.
    /// </summary>
    public virtual IReadOnlyList<int>? BlockRows => null;

    /// <summary>Reads rows that follow each other; where there are blocks, one whole block.</summary>
    /// <param name="first">Index of the first row.</param>
    /// <param name="count">How many rows, B.</param>
    /// <param name="destination">Receives them row after row, [B, D]. Values may be infinite or NaN.</param>
    /// <exception cref="InvalidInputException">The file is damaged, or cannot be read any more.</exception>
    public abstract void Read(long first, int count, Span<float> destination);

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the file.</summary>
    /// <param name="disposing">True.</param>
    protected abstract void Dispose(bool disposing);

    /// <summary>Checks the place of rows.</summary>
    /// <param name="first">Index of the first row.</param>
    /// <param name="count">How many rows, B.</param>
    /// <param name="destination">Room for [B, D].</param>
    protected void RequirePlace(long first, int count, ReadOnlySpan<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Rows - count);
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, checked(count * Columns), nameof(destination));
    }
}
