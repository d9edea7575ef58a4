namespace VariationalSparseCoding.Serialization;

/// <summary>Writes matrices in NumPy's array format (version 1.0, C order, little endian). <see cref="NpyMatrix"/> reads them.</summary>
internal static class Npy
{
    /// <summary>Writes a matrix that exists in memory.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="path">The file's final path; see <see cref="AtomicFile"/>.</param>
    /// <param name="values">The rows one after the other, [N, D].</param>
    /// <param name="columns">D.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written.</exception>
    public static void Write<T>(string path, ReadOnlyMemory<T> values, int columns) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (values.Length % columns != 0) throw new ArgumentException($"{values.Length} values are not a whole number of rows of {columns}.", nameof(values));
        Write<T>(path, values.Length / columns, columns, writer => writer.Append(values.Span));
    }

    /// <summary>Writes a matrix of known size piece by piece.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="path">The file's final path; see <see cref="AtomicFile"/>.</param>
    /// <param name="rows">N.</param>
    /// <param name="columns">D.</param>
    /// <param name="write">Appends exactly N rows.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written.</exception>
    /// <exception cref="InvalidOperationException">More or fewer than N rows were appended; no file is left.</exception>
    public static void Write<T>(string path, long rows, int columns, Action<NpyRowWriter<T>> write) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        AtomicFile.Write(path, stream =>
        {
            NpyHeader.Write(stream, NpyHeader.TypeOf<T>(), rows, columns);
            var writer = new NpyRowWriter<T>(stream, checked(rows * columns));
            write(writer);
            writer.RequireComplete();
        });
    }
}
