using System.Runtime.InteropServices;

namespace VariationalSparseCoding.Serialization;

/// <summary>Receives the rows of a matrix that is being written by <see cref="Npy"/>.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class NpyRowWriter<T> where T : unmanaged
{
    private readonly Stream stream;
    private long missing;

    internal NpyRowWriter(Stream stream, long values) => (this.stream, missing) = (stream, values);

    /// <summary>Appends values in row order; a piece may end within a row.</summary>
    /// <param name="values">The next values.</param>
    /// <exception cref="InvalidOperationException">More values than the matrix has.</exception>
    public void Append(ReadOnlySpan<T> values)
    {
        if (values.Length > missing) throw new InvalidOperationException($"{values.Length} values were appended where {missing} are missing.");
        missing -= values.Length;
        stream.Write(MemoryMarshal.AsBytes(values));
    }

    internal void RequireComplete()
    {
        if (missing > 0) throw new InvalidOperationException($"{missing} values were not appended.");
    }
}
