namespace VariationalSparseCoding.Serialization;

/// <summary>A sparse matrix in compressed-row form: codes of N samples over d atoms, with the exact zeros left out.</summary>
internal sealed class CsrMatrix
{
    /// <summary>Creates the matrix from its parts, which are kept and not copied.</summary>
    /// <param name="columns">d.</param>
    /// <param name="rowStarts">Where each row begins in the other two, and where the last ends; rising from 0, [N + 1].</param>
    /// <param name="columnIndices">Column of each stored value, each in [0, d).</param>
    /// <param name="values">The stored values.</param>
    /// <exception cref="ArgumentException">The parts contradict each other.</exception>
    public CsrMatrix(int columns, int[] rowStarts, int[] columnIndices, float[] values)
    {
        if (Contradiction(columns, rowStarts, columnIndices, values) is { } contradiction) throw new ArgumentException($"The sparse matrix contradicts itself: {contradiction}.");
        (Columns, RowStarts, ColumnIndices, Values) = (columns, rowStarts, columnIndices, values);
    }

    /// <summary>N.</summary>
    public int Rows => RowStarts.Length - 1;

    /// <summary>d.</summary>
    public int Columns { get; }

    /// <summary>Where each row begins in the other two, and where the last ends, [N + 1].</summary>
    public int[] RowStarts { get; }

    /// <summary>Column of each stored value.</summary>
    public int[] ColumnIndices { get; }

    /// <summary>The stored values.</summary>
    public float[] Values { get; }

    /// <summary>Leaves out the zeros of a dense matrix.</summary>
    /// <param name="dense">The rows one after the other, [N, d].</param>
    /// <param name="columns">d.</param>
    public static CsrMatrix FromDense(ReadOnlySpan<float> dense, int columns)
    {
        var builder = new CsrBuilder(columns);
        builder.Append(dense);
        return builder.Build();
    }

    /// <summary>Writes one row with its zeros.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="destination">Receives the row, [d]; values stored twice for one place are added.</param>
    public void CopyRow(int row, Span<float> destination)
    {
        destination[..Columns].Clear();
        for (int i = RowStarts[row]; i < RowStarts[row + 1]; i++) destination[ColumnIndices[i]] += Values[i];
    }

    /// <summary>What is wrong with the parts, or null.</summary>
    internal static string? Contradiction(long columns, int[] rowStarts, int[] columnIndices, float[] values)
    {
        if (columnIndices.Length != values.Length) return $"{values.Length} values have {columnIndices.Length} column indices";
        if (rowStarts is not [0, ..] || rowStarts[^1] != values.Length) return $"the row starts do not run from 0 to {values.Length}";
        for (int row = 1; row < rowStarts.Length; row++)
            if (rowStarts[row] < rowStarts[row - 1]) return $"row {row - 1} ends before it begins";
        foreach (int column in columnIndices)
            if (column < 0 || column >= columns) return $"column {column} does not exist among {columns}";
        return null;
    }
}
