using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Data;

/// <summary>The order in which epochs take the samples of a set: a function of seed, epoch and place alone, so that a resumed run goes on as if it had not stopped. For one caller at a time.</summary>
internal abstract class EpochOrder
{
    /// <summary>Returns samples of an epoch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="first">How many samples of the epoch come before.</param>
    /// <param name="samples">Receives the samples' numbers, [B].</param>
    public abstract void Fill(int epoch, int first, Span<int> samples);

    /// <summary>The address of an epoch's order.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch.</param>
    protected static NoiseKey Key(ulong seed, int epoch) => new(seed, NoisePurpose.Permutation, (uint)epoch);
}

/// <summary>All samples in a random order that is held in memory.</summary>
/// <param name="count">N.</param>
/// <param name="seed">The run's seed.</param>
internal sealed class ShuffledOrder(int count, ulong seed) : EpochOrder
{
    private readonly int[] order = new int[count];
    private int ordered = -1;

    /// <inheritdoc/>
    public override void Fill(int epoch, int first, Span<int> samples)
    {
        if (epoch != ordered)
        {
            for (int i = 0; i < order.Length; i++) order[i] = i;
            new CounterRandom(Key(seed, epoch)).Shuffle(order);
            ordered = epoch;
        }
        order.AsSpan(first, samples.Length).CopyTo(samples);
    }
}

/// <summary>All samples in a random order that takes no memory.</summary>
/// <param name="count">N.</param>
/// <param name="seed">The run's seed.</param>
internal sealed class PermutedOrder(int count, ulong seed) : EpochOrder
{
    private (int Epoch, IndexPermutation Order)? present;

    /// <inheritdoc/>
    public override void Fill(int epoch, int first, Span<int> samples)
    {
        if (present?.Epoch != epoch) present = (epoch, new(count, Key(seed, epoch)));
        for (int i = 0; i < samples.Length; i++) samples[i] = (int)present.Value.Order[first + i];
    }
}

/// <summary>
/// The samples of a store that is read block by block: blocks come in a random order, and the samples of some blocks that follow each other in it, the mixing buffer, in a random
/// order among themselves.
/// </summary>
/// <param name="blocks">The samples of each block.</param>
/// <param name="mixed">How many samples to mix, at least those of one block.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="announce">Is told which blocks come next.</param>
internal sealed class MixedOrder(IReadOnlyList<RowRange> blocks, long mixed, ulong seed, Action<IEnumerable<int>> announce) : EpochOrder
{
    private readonly List<Window> windows = [];
    private int ordered = -1, announced = -1;

    /// <inheritdoc/>
    public override void Fill(int epoch, int first, Span<int> samples)
    {
        if (epoch != ordered) Order(epoch);
        for (int i = 0; i < samples.Length; i++)
        {
            int place = first + i, window = windows.FindLastIndex(known => known.First <= place);
            if (window != announced)
            {
                announced = window;
                announce(windows[window].Blocks);
                if (window + 1 < windows.Count) announce(windows[window + 1].Blocks);
            }
            samples[i] = windows[window][place - windows[window].First];
        }
    }

    private void Order(int epoch)
    {
        int[] order = [.. Enumerable.Range(0, blocks.Count).Where(block => blocks[block].Rows > 0)];
        var random = new CounterRandom(Key(seed, epoch));
        random.Shuffle(order);
        windows.Clear();
        var chosen = new List<int>();
        long first = 0, count = 0;
        foreach (int block in order)
        {
            // Cut so that no window is larger than wanted, but for one that is a single block.
            if (count > 0 && count + blocks[block].Rows > mixed) Cut();
            chosen.Add(block);
            count += blocks[block].Rows;
        }
        if (count > 0) Cut();
        (ordered, announced) = (epoch, -1);

        void Cut()
        {
            windows.Add(new(first, [.. chosen], blocks, new(count, new(seed ^ random.NextUInt64(), NoisePurpose.Permutation, (uint)epoch))));
            chosen.Clear();
            (first, count) = (first + count, 0);
        }
    }

    private sealed class Window(long first, int[] members, IReadOnlyList<RowRange> blocks, IndexPermutation order)
    {
        private readonly long[] ends = [.. members.Select((_, place) => members.Take(place + 1).Sum(block => blocks[block].Rows))];

        public long First => first;

        public IReadOnlyList<int> Blocks => members;

        public int this[long place]
        {
            get
            {
                long mixed = order[place];
                int member = Array.FindIndex(ends, end => mixed < end);
                return (int)(blocks[members[member]].First + mixed - (member == 0 ? 0 : ends[member - 1]));
            }
        }
    }
}
