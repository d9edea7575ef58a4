namespace VariationalSparseCoding.Kernels;

/// <summary>What a random number is for. Each purpose has a stream of its own, so that no use of random numbers shifts another.</summary>
public enum NoisePurpose : byte
{
    /// <summary>Initial parameters of networks and dictionaries.</summary>
    Initialisation = 1,
    /// <summary>Which patches or rows are drawn from the data, and their split.</summary>
    Data = 2,
    /// <summary>The order of the training samples in an epoch.</summary>
    Permutation = 3,
    /// <summary>Base samples during training.</summary>
    Training = 4,
    /// <summary>Base samples during the validation that follows an epoch.</summary>
    Validation = 5,
    /// <summary>Base samples of an evaluation or an encoding.</summary>
    Evaluation = 6,
}

/// <summary>The part of a random number's address that one call shares: numbers are a pure function of key, row, sample and feature.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Purpose">What the numbers are for.</param>
/// <param name="Step">Training step, epoch, or the number of the thing that is initialised.</param>
public readonly record struct NoiseKey(ulong Seed, NoisePurpose Purpose, uint Step);

/// <summary>
/// Philox-4x32-10, the counter-based generator of Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3" (SC 2011):
/// four 32-bit words that are a pure function of a 128-bit counter and a 64-bit key.
/// </summary>
public static class Philox
{
    internal const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    internal const int Rounds = 10;

    /// <summary>The four words at a counter.</summary>
    /// <param name="counter0">Word 0 of the counter.</param>
    /// <param name="counter1">Word 1 of the counter.</param>
    /// <param name="counter2">Word 2 of the counter.</param>
    /// <param name="counter3">Word 3 of the counter.</param>
    /// <param name="key">The key.</param>
    public static (uint W0, uint W1, uint W2, uint W3) Words(uint counter0, uint counter1, uint counter2, uint counter3, ulong key)
    {
        uint key0 = (uint)key, key1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * counter0, product1 = (ulong)Multiplier1 * counter2;
            (counter0, counter1, counter2, counter3) =
                ((uint)(product1 >> 32) ^ counter1 ^ key0, (uint)product1, (uint)(product0 >> 32) ^ counter3 ^ key1, (uint)product0);
            key0 += Weyl0;
            key1 += Weyl1;
        }
        return (counter0, counter1, counter2, counter3);
    }
}

/// <summary>A sequence of random numbers drawn from one key's stream, for serial uses such as shuffling.</summary>
/// <param name="key">The stream's address; sequences of different keys are independent.</param>
public sealed class CounterRandom(NoiseKey key)
{
    // Sample 0xffffffff is set aside for sequences, so that they never meet the noise of a batch with the same key.
    private const uint SequenceSample = uint.MaxValue;
    private readonly uint[] words = new uint[4];
    private uint block;
    private int next = 4;

    /// <summary>The next 32 random bits.</summary>
    public uint NextUInt32()
    {
        if (next == words.Length)
        {
            (words[0], words[1], words[2], words[3]) = Philox.Words(block++, (uint)key.Purpose, SequenceSample, key.Step, key.Seed);
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
