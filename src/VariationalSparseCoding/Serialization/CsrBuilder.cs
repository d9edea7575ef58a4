namespace VariationalSparseCoding.Serialization;

/// <summary>Gathers a sparse matrix from dense rows as they come.</summary>
internal sealed class CsrBuilder
{
    private readonly int columns;
    private readonly List<int> starts = [0], indices = [];
    private readonly List<float> values = [];

    /// <summary>Creates an empty matrix.</summary>
    /// <param name="columns">d, at least 1.</param>
    public CsrBuilder(int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        this.columns = columns;
    }

    /// <summary>Adds rows without their zeros.</summary>
    /// <param name="dense">The rows one after the other, [B, d].</param>
    public void Append(ReadOnlySpan<float> dense)
    {
        for (; !dense.IsEmpty; dense = dense[columns..])
        {
            for (int column = 0; column < columns; column++)
            {
                if (dense[column] == 0) continue;
                indices.Add(column);
                values.Add(dense[column]);
            }
            starts.Add(values.Count);
        }
    }

    /// <summary>The matrix of all rows so far.</summary>
    public CsrMatrix Build() => new(columns, [.. starts], [.. indices], [.. values]);
}
