namespace VariationalSparseCoding.Kernels;

/// <summary>A float32 matrix in memory that someone else keeps; its distances are counted in numbers.</summary>
/// <param name="start">The first number.</param>
/// <param name="rowStride">From one row to the next.</param>
/// <param name="columnStride">From one column to the next.</param>
internal readonly unsafe struct MatrixOperand(float* start, nint rowStride, nint columnStride = 1)
{
    public float* Start => start;

    public nint RowStride => rowStride;

    public nint ColumnStride => columnStride;

    /// <summary>Whether there is no matrix.</summary>
    public bool IsNone => start is null;

    /// <summary>The transposed matrix, in the same memory.</summary>
    public MatrixOperand Transposed => new(start, columnStride, rowStride);

    /// <summary>The first row as every row.</summary>
    public MatrixOperand Repeated => new(start, 0, columnStride);

    /// <summary>The matrix from a row and a column on.</summary>
    /// <param name="row">The row.</param>
    /// <param name="column">The column.</param>
    public MatrixOperand From(int row, int column = 0) => new(start + row * rowStride + column * columnStride, rowStride, columnStride);

    /// <summary>The first numbers of a row, where columns are neighbours.</summary>
    /// <param name="row">The row.</param>
    /// <param name="columns">How many.</param>
    public Span<float> Row(int row, int columns) => new(start + row * rowStride, columns);
}
