using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Data;

/// <summary>
/// Which rows of a store are held out and which are trained on. Each part of the store is put in a random order, whose first rows are held out and whose next are trained on;
/// nothing is stored but two numbers for each part. Equal seeds draw equal rows.
/// </summary>
internal sealed class StorePlan
{
    // Held-out rows of a store that is read block by block come from so many blocks, so that few blocks need to be read for them.
    private const int HeldOutBlocks = 64;

    // The stream of the orders; others draw from the same purpose.
    private const uint Stream = 1 << 16, BlockStream = 1 << 8;

    private readonly IReadOnlyList<RowRange> parts;
    private readonly long[] heldOut, trained;
    private readonly ulong seed;
    private readonly IndexPermutation?[] orders;

    private StorePlan(IReadOnlyList<RowRange> parts, long[] heldOut, long[] trained, ulong seed)
    {
        (this.parts, this.heldOut, this.trained, this.seed) = (parts, Sums(heldOut), Sums(trained), seed);
        orders = new IndexPermutation?[parts.Count];
    }

    /// <summary>Rows held out.</summary>
    public int ValidationSamples => (int)heldOut[^1];

    /// <summary>Rows trained on.</summary>
    public int TrainSamples => (int)trained[^1];

    /// <summary>The training samples of each part, in the order of the parts.</summary>
    public IReadOnlyList<RowRange> TrainParts => [.. parts.Select((_, part) => new RowRange(trained[part], trained[part + 1] - trained[part]))];

    /// <summary>Plans a run.</summary>
    /// <param name="store">The store.</param>
    /// <param name="options">Numbers of samples, and what is held out.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InvalidInputException">The store has too few rows.</exception>
    public static StorePlan Of(RowStore store, DataOptions options, ulong seed)
    {
        long wanted = (long)options.TrainSamples + options.ValidationSamples;
        if (wanted > store.Rows) throw new InvalidInputException($"{store.Source}: {wanted} samples are wanted but there are only {store.Rows} rows; ask for fewer samples");
        bool byShards = options.HoldOut == HeldOut.Shards;
        var parts = store.Blocks ?? (byShards ? store.ShardParts : [new(0, store.Rows)]);
        bool[] canBeHeld = new bool[parts.Count];
        if (byShards)
        {
            long end = RowsBeforeHeldOutShards(store, options.ValidationSamples);
            for (int part = 0; part < parts.Count; part++) canBeHeld[part] = parts[part].First >= end;
        }
        else ChooseBlocks(parts, options.ValidationSamples, seed, canBeHeld);
        long[] heldOut = Apportioned(options.ValidationSamples, [.. parts.Select((part, index) => canBeHeld[index] ? part.Rows : 0)]);
        long[] free = [.. parts.Select((part, index) => byShards && canBeHeld[index] ? 0 : part.Rows - heldOut[index])];
        if (options.TrainSamples > free.Sum())
            throw new InvalidInputException($"{store.Source}: {options.TrainSamples} training samples are wanted but only {free.Sum()} rows are not held out; ask for fewer samples, or hold out rows instead of files (data.holdOut = rows)");
        return new(parts, heldOut, Apportioned(options.TrainSamples, free), seed);
    }

    /// <summary>How many rows stand before the files that are held out, where files are: the last ones, as few as hold the validation samples.</summary>
    /// <param name="store">The store.</param>
    /// <param name="validationSamples">Validation samples.</param>
    /// <exception cref="InvalidInputException">No file would be left to train on.</exception>
    public static long RowsBeforeHeldOutShards(RowStore store, int validationSamples)
    {
        int first = store.ShardParts.Count;
        long rows = 0;
        while (first > 0 && rows < validationSamples) rows += store.ShardParts[--first].Rows;
        return first > 0 ? store.ShardParts[first].First
            : throw new InvalidInputException($"{store.Source}: to hold out {validationSamples} samples by files takes all of its {store.ShardParts.Count} files; ask for fewer validation samples, or hold out rows (data.holdOut = rows)");
    }

    /// <summary>The row of a training sample.</summary>
    /// <param name="sample">The sample's number.</param>
    public long Train(int sample)
    {
        int part = Parts.Of(trained, sample);
        return Row(part, heldOut[part + 1] - heldOut[part] + (sample - trained[part]));
    }

    /// <summary>The row of a validation sample.</summary>
    /// <param name="sample">The sample's number.</param>
    public long Validation(int sample)
    {
        int part = Parts.Of(heldOut, sample);
        return Row(part, sample - heldOut[part]);
    }

    /// <summary>Training samples to take statistics of, from all over the store: at random, or of a store that is read block by block from few blocks.</summary>
    /// <param name="count">How many are wanted.</param>
    /// <returns>Their rows, in order.</returns>
    public long[] Statistics(int count)
    {
        count = Math.Min(count, TrainSamples);
        long[] rows;
        if (parts.Count == 1)
        {
            var order = new IndexPermutation(TrainSamples, new(seed, NoisePurpose.Data, Stream - 1));
            rows = [.. Enumerable.Range(0, count).Select(place => Train((int)order[place]))];
        }
        else
        {
            bool[] chosen = new bool[parts.Count];
            long[] available = [.. TrainParts.Select(part => part.Rows)];
            ChooseBlocks([.. available.Select(samples => new RowRange(0, samples))], count, seed, chosen);
            long[] shares = Apportioned(count, [.. available.Select((samples, part) => chosen[part] ? samples : 0)]);
            rows = [.. shares.SelectMany((share, part) => Enumerable.Range(0, (int)share).Select(place => Train((int)trained[part] + place)))];
        }
        Array.Sort(rows);
        return rows;
    }

    // Parts in a random order until they hold twice as many rows as are wanted, and at least so many parts.
    private static void ChooseBlocks(IReadOnlyList<RowRange> parts, long wanted, ulong seed, bool[] chosen)
    {
        var order = new IndexPermutation(parts.Count, new(seed, NoisePurpose.Data, BlockStream));
        long rows = 0;
        for (int place = 0; place < parts.Count && (place < HeldOutBlocks || rows < 2 * wanted); place++)
        {
            int part = (int)order[place];
            chosen[part] = true;
            rows += parts[part].Rows;
        }
    }

    // Proportional to what each has, and never more.
    private static long[] Apportioned(long total, long[] available)
    {
        long[] sums = Sums(available);
        return [.. available.Select((_, part) => Share(sums[part + 1]) - Share(sums[part]))];

        long Share(long sum) => sums[^1] == 0 ? 0 : (long)((Int128)total * sum / sums[^1]);
    }

    private static long[] Sums(long[] values)
    {
        long[] sums = new long[values.Length + 1];
        for (int i = 0; i < values.Length; i++) sums[i + 1] = sums[i] + values[i];
        return sums;
    }

    private long Row(int part, long place) =>
        parts[part].First + (orders[part] ??= new(parts[part].Rows, new(seed, NoisePurpose.Data, Stream + (uint)part)))[place];
}
