namespace VariationalSparseCoding.Reporting;

/// <summary>A matrix as one row-major buffer: element (row, column) is <c>Values[row * Columns + column]</c>.</summary>
internal sealed record SampleMatrix
{
    /// <summary>Wraps a buffer without copying it.</summary>
    /// <param name="values">The elements row after row, [rows * columns].</param>
    /// <param name="rows">Number of rows, 0 or more.</param>
    /// <param name="columns">Number of columns, 0 or more.</param>
    /// <exception cref="ArgumentException">The buffer does not hold rows times columns values.</exception>
    public SampleMatrix(float[] values, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (values.LongLength != (long)rows * columns)
        {
            throw new ArgumentException($"A {rows} x {columns} matrix needs {(long)rows * columns} values; the buffer holds {values.Length}.", nameof(values));
        }
        (Values, Rows, Columns) = (values, rows, columns);
    }

    /// <summary>The elements row after row, [Rows * Columns].</summary>
    public float[] Values { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>One row.</summary>
    /// <param name="row">Its index, in [0, Rows).</param>
    /// <returns>The row's values, [Columns].</returns>
    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Columns, Columns);

    /// <summary>The matrix with rows and columns exchanged; the columns of a dictionary become rows.</summary>
    /// <returns>A new matrix, [Columns, Rows].</returns>
    public SampleMatrix Transpose()
    {
        var values = new float[Values.Length];
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                values[column * Rows + row] = Values[row * Columns + column];
            }
        }
        return new SampleMatrix(values, Columns, Rows);
    }
}
