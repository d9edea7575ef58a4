using System.IO.MemoryMappedFiles;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace VariationalSparseCoding.Serialization;

/// <summary>
/// A matrix in a NumPy file (float32 or float64, C or Fortran order, little endian, format versions 1 to 3), mapped into memory and read where it is needed:
/// it may be larger than the machine's memory. Reading is safe from several threads.
/// </summary>
internal sealed unsafe class NpyMatrix : IDisposable
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* elements;
    private readonly NpyHeader header;
    private readonly MappedLength length;
    private bool disposed;

    private NpyMatrix(FileStream stream, NpyHeader header)
    {
        (this.header, Path) = (header, stream.Name);
        length = new(stream.Name, stream.Length);
        file = MemoryMappedFile.CreateFromFile(stream.Name, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        elements = start + view.PointerOffset + header.Length;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>N.</summary>
    public long Rows => header.Shape[0];

    /// <summary>D.</summary>
    public int Columns => (int)header.Shape[1];

    /// <summary>Whether elements have more digits than float32.</summary>
    public bool IsDouble => header.Type == NpyHeader.Float64;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file, which must stay unchanged while the matrix is open.</param>
    /// <exception cref="InvalidInputException">The file is missing, truncated, no matrix, empty, or of another element type.</exception>
    public static NpyMatrix Open(string path) => InputFile.Read(path, stream =>
    {
        var header = NpyHeader.Read(stream, path);
        if (header.Type is not (NpyHeader.Float32 or NpyHeader.Float64))
            throw InputFile.Malformed(path, $"its element type is {header.Type}", "save it as little-endian float32 or float64, for example numpy.save(path, x.astype('<f4'))");
        if (header.Shape.Length != 2)
            throw InputFile.Malformed(path, $"its shape is {header.ShapeText}", "reshape it to a matrix with one row per sample, for example x.reshape(len(x), -1)");
        long count = header.ElementCount(path);
        if (count == 0 || header.Shape[1] > Array.MaxLength)
            throw InputFile.Malformed(path, $"its shape is {header.ShapeText}", "a matrix needs at least one row and one column, and fewer than 2^31 columns");
        long expected = count * (header.Type == NpyHeader.Float32 ? sizeof(float) : sizeof(double));
        if (expected != stream.Length - header.Length)
            throw InputFile.Malformed(path, $"a matrix of shape {header.ShapeText} takes {expected} bytes but the file holds {stream.Length - header.Length}", "copy or save it again");
        return new NpyMatrix(stream, header);
    });

    /// <summary>Copies rows that follow each other.</summary>
    /// <param name="first">Index of the first row.</param>
    /// <param name="count">How many rows, B.</param>
    /// <param name="destination">Receives them row after row, [B, D]; float64 values are rounded to float32.</param>
    /// <exception cref="IOException">The file was cut short meanwhile.</exception>
    /// <exception cref="InvalidInputException">A finite float64 value is too large for float32.</exception>
    public void CopyRows(long first, int count, Span<float> destination) => CopyRows<float>(first, count, destination);

    /// <summary>Copies rows that follow each other, with all digits of float64.</summary>
    /// <param name="first">Index of the first row.</param>
    /// <param name="count">How many rows, B.</param>
    /// <param name="destination">Receives them row after row, [B, D].</param>
    /// <exception cref="IOException">The file was cut short meanwhile.</exception>
    /// <exception cref="InvalidInputException">A finite value is too large for float32.</exception>
    public void CopyRows(long first, int count, Span<double> destination) => CopyRows<double>(first, count, destination);

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
        length.Dispose();
    }

    private void CopyRows<TTo>(long first, int count, Span<TTo> destination) where TTo : unmanaged, INumber<TTo>
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Rows - count);
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, checked(count * Columns), nameof(destination));
        length.Require();
        if (IsDouble) Copy<double, TTo>(first, count, destination);
        else Copy<float, TTo>(first, count, destination);
    }

    private void Copy<T, TTo>(long first, int count, Span<TTo> destination)
        where T : unmanaged, INumber<T>
        where TTo : unmanaged, INumber<TTo>
    {
        int columns = Columns;
        if (header.IsFortran)
        {
            // Column by column, so that neighbours in the file are read together.
            for (int column = 0; column < columns; column++)
                for (int row = 0; row < count; row++)
                    destination[row * columns + column] = Element<T, TTo>(column * Rows + first + row);
        }
        else
        {
            long start = first * columns;
            for (int i = 0; i < count * columns; i++) destination[i] = Element<T, TTo>(start + i);
        }
    }

    // A header of odd length leaves the elements unaligned.
    private TTo Element<T, TTo>(long index)
        where T : unmanaged, INumber<T>
        where TTo : unmanaged, INumber<TTo>
    {
        T stored = Unsafe.ReadUnaligned<T>(elements + index * sizeof(T));
        return float.IsInfinity(float.CreateTruncating(stored)) && T.IsFinite(stored) ? throw TooLarge(index, stored) : TTo.CreateTruncating(stored);
    }

    private InvalidInputException TooLarge<T>(long index, T value)
    {
        var (row, column) = header.IsFortran ? (index % Rows, index / Rows) : (index / Columns, index % Columns);
        return new(FormattableString.Invariant($"{Path}: the value in row {row}, column {column} is {value}, more than float32 holds; scale the data"));
    }
}
