using System.Numerics;

namespace VariationalSparseCoding.Random;

/// <summary>
/// A random order of the numbers from 0 to N - 1 that takes no memory: a Feistel network on the smallest power of 2 that holds them, walked until it is back among them.
/// The same key gives the same order.
/// </summary>
internal sealed class IndexPermutation
{
    private const int Rounds = 8;

    private readonly uint[] keys = new uint[Rounds];
    private readonly int rightBits;
    private readonly uint leftMask, rightMask;

    /// <summary>Creates an order.</summary>
    /// <param name="count">N, at least 1 and at most 2^62.</param>
    /// <param name="key">The address of the order.</param>
    public IndexPermutation(long count, NoiseKey key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 1L << 62);
        Count = count;
        int bits = count == 1 ? 0 : BitOperations.Log2((ulong)count - 1) + 1;
        rightBits = (bits + 1) / 2;
        (leftMask, rightMask) = ((uint)((1UL << (bits - rightBits)) - 1), (uint)((1UL << rightBits) - 1));
        var random = new CounterRandom(key);
        for (int round = 0; round < Rounds; round++) keys[round] = random.NextUInt32();
    }

    /// <summary>N.</summary>
    public long Count { get; }

    /// <summary>The number at a place of the order.</summary>
    /// <param name="place">The place, in [0, N).</param>
    public long this[long place]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(place);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(place, Count);
            do place = Step(place); while (place >= Count);
            return place;
        }
    }

    private long Step(long number)
    {
        uint left = (uint)(number >> rightBits), right = (uint)number & rightMask;
        for (int round = 0; round < Rounds; round += 2)
        {
            left ^= Mix(right, keys[round]) & leftMask;
            right ^= Mix(left, keys[round + 1]) & rightMask;
        }
        return ((long)left << rightBits) | right;
    }

    // The finaliser of MurmurHash3, on the half and the round's key.
    private static uint Mix(uint half, uint key)
    {
        uint mixed = (half + key) * 0x9E3779B1;
        mixed = (mixed ^ (mixed >> 16) ^ key) * 0x85EBCA6B;
        mixed = (mixed ^ (mixed >> 13)) * 0xC2B2AE35;
        return mixed ^ (mixed >> 16);
    }
}
