namespace VariationalSparseCoding.Data;

/// <summary>Some samples of a set, evenly spread over it; the set is another's to close.</summary>
/// <param name="samples">The set.</param>
/// <param name="most">How many are taken at most.</param>
internal sealed class SampleSelection(ISampleSet samples, int most) : ISampleSet
{
    /// <inheritdoc/>
    public int Count { get; } = Math.Min(most, samples.Count);

    /// <inheritdoc/>
    public int Dimension => samples.Dimension;

    /// <inheritdoc/>
    public void CopyRows(ReadOnlySpan<int> rows, Span<float> destination)
    {
        int[] places = new int[rows.Length];
        for (int i = 0; i < places.Length; i++) places[i] = (int)((long)rows[i] * samples.Count / Count);
        samples.CopyRows(places, destination);
    }

    /// <summary>Does nothing.</summary>
    public void Dispose() { }
}
