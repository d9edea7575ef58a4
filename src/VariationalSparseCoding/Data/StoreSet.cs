using System.Buffers;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Data;

/// <summary>Rows of a store, normalised when they are asked for.</summary>
internal sealed class StoreSet : ISampleSet
{
    // Statistics are those of so many rows at most, and so many values.
    private const int StatisticsRows = 1 << 16, StatisticsValues = 1 << 25, ValuesPerBlock = 1 << 18;

    private readonly RowStore store;
    private readonly StorePlan? plan;
    private readonly Preprocessing preprocessing;

    // Without a plan all rows in their order.
    private StoreSet(RowStore store, StorePlan? plan, Preprocessing preprocessing) => (this.store, this.plan, this.preprocessing) = (store, plan, preprocessing);

    /// <inheritdoc/>
    public int Count => plan?.TrainSamples ?? (int)store.Rows;

    /// <inheritdoc/>
    public int Dimension => preprocessing.Dimension;

    /// <inheritdoc/>
    public bool ReadsFiles => true;

    /// <summary>Draws training and validation samples. Statistics are those of at most 65,536 training rows from all over the store.</summary>
    /// <param name="options">The store, numbers of samples, what is held out, and the normalisation.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InvalidInputException">The store cannot be used, has fewer rows than wanted, or holds a value that is not finite.</exception>
    public static DataSplit Draw(DataOptions options, ulong seed)
    {
        var store = RowStore.Open(options.Source, options.Tensor);
        try
        {
            var plan = StorePlan.Of(store, options, seed);
            var statistics = new ColumnStatistics(store.Columns, options.Source);
            long[] sampled = plan.Statistics(Math.Min(StatisticsRows, Math.Max(1, StatisticsValues / store.Columns)));
            ReadBlocks(store, sampled, statistics.Add);
            if (options.Normalisation == Normalisation.Global) ReadBlocks(store, sampled, statistics.AddNorms);
            var preprocessing = statistics.Preprocessing(options.Normalisation);
            return new(new StoreSet(store, plan, preprocessing), HeldOut(store, plan, preprocessing), preprocessing)
            {
                Notes = [.. store.Notes, .. statistics.Notes],
                MeanSquare = statistics.MeanSquareAfter(options.Normalisation),
            };
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Opens all rows in their order, for a trained model.</summary>
    /// <param name="source">The store.</param>
    /// <param name="part">Which tensor, array, column or layer; empty for the only one.</param>
    /// <param name="preprocessing">The model's preprocessing.</param>
    /// <exception cref="InvalidInputException">The store cannot be used, or its rows do not fit the model.</exception>
    public static StoreSet OpenAll(string source, string part, Preprocessing preprocessing)
    {
        var store = RowStore.Open(source, part);
        string? fault = store.Columns != preprocessing.Dimension ? $"its rows have {store.Columns} values where the model takes {preprocessing.Dimension}; give data of that many columns"
            : store.Rows > Array.MaxLength ? $"it has {store.Rows} rows; split it into parts of at most {Array.MaxLength} rows"
            : null;
        if (fault is null) return new(store, null, preprocessing);
        store.Dispose();
        throw new InvalidInputException($"{source}: {fault}");
    }

    /// <inheritdoc/>
    public EpochOrder Order(ulong seed) => store.Blocks is null ? new PermutedOrder(Count, seed) : new MixedOrder(plan!.TrainParts, store.MixedRows, seed, store.Announce);

    /// <inheritdoc/>
    /// <exception cref="InvalidInputException">A value is not finite, or a file cannot be read any more.</exception>
    public void CopyRows(ReadOnlySpan<int> rows, Span<float> destination)
    {
        long[] places = ArrayPool<long>.Shared.Rent(rows.Length);
        try
        {
            for (int i = 0; i < rows.Length; i++) places[i] = plan?.Train(rows[i]) ?? rows[i];
            var values = destination[..(rows.Length * Dimension)];
            store.Read(places.AsSpan(0, rows.Length), values);
            if (plan is null && preprocessing.ImageShape is not null)
                for (int i = 0; i < rows.Length; i++) Preprocessing.RequireFractions(values.Slice(i * Dimension, Dimension), rows[i], store.Source);
            preprocessing.Standardise(values);
        }
        finally
        {
            ArrayPool<long>.Shared.Return(places);
        }
    }

    /// <summary>Closes the store.</summary>
    public void Dispose() => store.Dispose();

    // They are read again after every epoch, from places all over the store.
    private static MemorySet HeldOut(RowStore store, StorePlan plan, Preprocessing preprocessing)
    {
        long[] rows = [.. Enumerable.Range(0, plan.ValidationSamples).Select(plan.Validation)];
        if ((long)rows.Length * store.Columns > Array.MaxLength)
            throw new InvalidInputException($"{store.Source}: {rows.Length} validation samples of {store.Columns} values do not fit into memory; ask for fewer");
        Array.Sort(rows);
        float[] values = new float[rows.Length * store.Columns];
        store.Read(rows, values);
        return new(values, preprocessing);
    }

    private static void ReadBlocks(RowStore store, long[] rows, RowReceiver receive)
    {
        int count = Math.Max(1, ValuesPerBlock / store.Columns);
        float[] block = new float[Math.Min(count, rows.Length) * store.Columns];
        for (int first = 0; first < rows.Length; first += count)
        {
            var some = rows.AsSpan(first, Math.Min(count, rows.Length - first));
            store.Read(some, block);
            receive(block.AsSpan(0, some.Length * store.Columns));
        }
    }

    private delegate void RowReceiver(ReadOnlySpan<float> rows);
}
