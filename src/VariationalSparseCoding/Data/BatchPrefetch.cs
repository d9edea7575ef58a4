namespace VariationalSparseCoding.Data;

/// <summary>
/// Gathers the next batch on another thread while the caller works on the present one: <see cref="Begin"/> the first; then, for every batch, <see cref="Take"/> it,
/// <see cref="Begin"/> the one after it, and work. The batches are those that the caller would have gathered itself. For one caller at a time.
/// </summary>
/// <param name="samples">The samples; not disposed.</param>
internal sealed class BatchPrefetch(ISampleSet samples) : IDisposable
{
    private int[] rows = [];
    private float[] present = [], next = [];
    private int length;
    private Task? gathering;

    /// <summary>Begins to gather a batch.</summary>
    /// <param name="wanted">Indices of its samples, [B]; copied.</param>
    /// <exception cref="InvalidOperationException">The batch begun before was not taken.</exception>
    public void Begin(ReadOnlySpan<int> wanted)
    {
        if (gathering is not null) throw new InvalidOperationException("The batch begun before must be taken first.");
        int count = wanted.Length;
        if (rows.Length < count) rows = new int[count];
        if (next.Length < checked(count * samples.Dimension)) next = new float[count * samples.Dimension];
        wanted.CopyTo(rows);
        length = count * samples.Dimension;
        gathering = Task.Run(() => samples.CopyRows(rows.AsSpan(0, count), next));
    }

    /// <summary>Waits for the batch begun last.</summary>
    /// <returns>Its samples, [B, D]; they are the caller's to change, until the next call of this method.</returns>
    /// <exception cref="InvalidOperationException">No batch was begun.</exception>
    /// <exception cref="InvalidInputException">The samples cannot be read; any exception of the set surfaces here.</exception>
    public Span<float> Take()
    {
        var gathered = gathering ?? throw new InvalidOperationException("No batch was begun.");
        gathering = null;
        gathered.GetAwaiter().GetResult();
        (present, next) = (next, present);
        return present.AsSpan(0, length);
    }

    /// <summary>Waits until nothing is read any more; a batch that was not taken is dropped.</summary>
    public void Dispose()
    {
        // Whatever went wrong with a batch that nobody wants is of no interest.
        if (gathering is not null) Task.WhenAny(gathering).Wait();
        gathering = null;
    }
}
