namespace VariationalSparseCoding.Data;

/// <summary>The blocks of a store that were read last or are wanted next, within a bounded memory. Safe from several threads.</summary>
/// <param name="store">The store that reads them.</param>
internal sealed class BlockCache(RowStore store) : IDisposable
{
    /// <summary>Bytes of the rows among which an epoch mixes, as float32.</summary>
    public const long MixedBytes = 96L << 20;

    // The rows that are mixed now and those that come next.
    private const long LargestBytes = 2 * MixedBytes;

    private readonly Lock access = new();
    private readonly Dictionary<int, Entry> entries = [];
    private long clock;
    private Task announced = Task.CompletedTask;
    private volatile bool isClosed;

    /// <summary>Returns a block, which is read unless it is there.</summary>
    /// <param name="block">Its number.</param>
    /// <exception cref="InvalidInputException">Its file is damaged.</exception>
    public float[] Get(int block)
    {
        Task<float[]> reading;
        lock (access) reading = Find(block, () => Task.Run(() => store.ReadBlock(block)));
        return reading.GetAwaiter().GetResult();
    }

    /// <summary>Begins to read blocks that are wanted soon, one after the other, so that other threads are left to work. A failure shows when they are asked for.</summary>
    /// <param name="blocks">Their numbers.</param>
    public void Announce(IEnumerable<int> blocks)
    {
        lock (access)
            foreach (int block in blocks)
                Find(block, () =>
                {
                    var reading = announced.ContinueWith(_ => isClosed ? [] : store.ReadBlock(block), TaskScheduler.Default);
                    announced = reading;
                    return reading;
                });
    }

    /// <summary>Waits until nothing is read any more.</summary>
    public void Dispose()
    {
        isClosed = true;
        Task[] reading;
        lock (access) reading = [.. entries.Values.Select(entry => entry.Reading)];
        // Whatever went wrong with a block that nobody wants is of no interest.
        foreach (var task in reading) Task.WhenAny(task).Wait();
    }

    private Task<float[]> Find(int block, Func<Task<float[]>> read)
    {
        if (entries.TryGetValue(block, out var known)) known.Used = ++clock;
        else
        {
            entries[block] = known = new(read(), BytesOf(block)) { Used = ++clock };
            Forget(block);
        }
        return known.Reading;
    }

    private void Forget(int kept)
    {
        long bytes = entries.Values.Sum(entry => entry.Bytes);
        foreach (var (block, entry) in entries.Where(pair => pair.Key != kept && pair.Value.Reading.IsCompleted).OrderBy(pair => pair.Value.Used).ToList())
        {
            if (bytes <= LargestBytes) return;
            entries.Remove(block);
            bytes -= entry.Bytes;
        }
    }

    private long BytesOf(int block) => store.Blocks![block].Rows * store.Columns * sizeof(float);

    private sealed class Entry(Task<float[]> reading, long bytes)
    {
        public Task<float[]> Reading => reading;

        public long Bytes => bytes;

        public long Used { get; set; }
    }
}
