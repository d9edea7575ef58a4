namespace VariationalSparseCoding.Random;

/// <summary>A sequence of random numbers drawn from one key's stream, for serial uses such as shuffling.</summary>
/// <param name="key">The stream's address; sequences of different keys are independent.</param>
internal sealed class CounterRandom(NoiseKey key)
{
    private readonly uint[] words = new uint[4];
    private ulong block;
    private int next = 4;

    // The sample that no batch may have is set aside for sequences, so that they never meet the noise of a batch with the same key.
    private uint SequenceAddress => Philox.Address(key.Purpose, 0, Philox.SequenceSample);

    /// <summary>The next 32 random bits.</summary>
    public uint NextUInt32()
    {
        if (next == words.Length)
        {
            (words[0], words[1], words[2], words[3]) = Philox.Words((uint)block, SequenceAddress, (uint)(block >> 32), key.Step, key.Seed);
            block++;
            next = 0;
        }
        return words[next++];
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64() => ((ulong)NextUInt32() << 32) | NextUInt32();

    /// <summary>A whole number, uniform in [0, <paramref name="exclusiveBound"/>), without bias.</summary>
    /// <param name="exclusiveBound">At least 1.</param>
    public long NextInt64(long exclusiveBound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exclusiveBound, 1);
        ulong bound = (ulong)exclusiveBound, rejected = (0 - bound) % bound;
        while (true)
        {
            ulong high = Math.BigMul(NextUInt64(), bound, out ulong low);
            if (low >= rejected) return (long)high;
        }
    }

    /// <summary>A number uniform in (0, 1), of 53 bits.</summary>
    public double NextDouble() => ((NextUInt64() >> 11) + 0.5) * (1.0 / (1UL << 53));

    /// <summary>Puts the items in a uniformly random order (Fisher-Yates).</summary>
    /// <param name="items">The items.</param>
    public void Shuffle(Span<int> items)
    {
        for (int last = items.Length - 1; last > 0; last--)
        {
            int other = (int)NextInt64(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}
