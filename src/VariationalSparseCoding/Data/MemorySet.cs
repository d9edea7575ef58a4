namespace VariationalSparseCoding.Data;

/// <summary>Samples in memory, standardised when they are asked for.</summary>
internal sealed class MemorySet : ISampleSet
{
    private readonly ReadOnlyMemory<float> samples;
    private readonly Preprocessing preprocessing;

    /// <summary>Views samples that were checked: see <see cref="Require"/>.</summary>
    /// <param name="samples">Samples before standardisation, [N, D]; they are not copied.</param>
    /// <param name="preprocessing">What is done to them.</param>
    public MemorySet(ReadOnlyMemory<float> samples, Preprocessing preprocessing) => (this.samples, this.preprocessing) = (samples, preprocessing);

    /// <inheritdoc/>
    public int Count => samples.Length / Dimension;

    /// <inheritdoc/>
    public int Dimension => preprocessing.Dimension;

    /// <summary>Checks that values are rows of a matrix and finite.</summary>
    /// <param name="values">The values, [rows, columns].</param>
    /// <param name="columns">Columns.</param>
    /// <param name="name">What they are, for messages.</param>
    /// <exception cref="InvalidInputException">They are not.</exception>
    public static void Require(ReadOnlySpan<float> values, int columns, string name)
    {
        if (values.Length % columns != 0)
            throw new InvalidInputException($"{name}: {values.Length} values are no whole number of rows of {columns}; give rows of {columns} values, one after the other");
        for (int row = 0; row * columns < values.Length; row++) ColumnStatistics.RequireFinite(values.Slice(row * columns, columns), row, name);
    }

    /// <inheritdoc/>
    public void CopyRows(ReadOnlySpan<int> rows, Span<float> destination)
    {
        for (int i = 0; i < rows.Length; i++) samples.Span.Slice(rows[i] * Dimension, Dimension).CopyTo(destination[(i * Dimension)..]);
        preprocessing.Standardise(destination[..(rows.Length * Dimension)]);
    }

    /// <summary>Does nothing: the memory is the caller's.</summary>
    public void Dispose() { }
}
