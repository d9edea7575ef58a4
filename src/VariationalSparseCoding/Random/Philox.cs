using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VariationalSparseCoding.Random;

/// <summary>What a random number is for. Each purpose has a stream of its own, so that no use of random numbers shifts another.</summary>
internal enum NoisePurpose : byte
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
    /// <summary>Base samples of the passes by which the noise of gradients is measured.</summary>
    GradientPasses = 7,
    /// <summary>Base samples of repeated passes over the same samples.</summary>
    RepeatedPasses = 8,
    /// <summary>Base samples of importance-weighted bounds.</summary>
    ImportanceWeighting = 9,
    /// <summary>Which training images are changed at random, such as mirrored.</summary>
    Augmentation = 10,
}

/// <summary>The part of a random number's address that one call shares: numbers are a pure function of key, row, sample and feature.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Purpose">What the numbers are for.</param>
/// <param name="Step">Training step, epoch, or the number of the thing that is initialised.</param>
internal readonly record struct NoiseKey(ulong Seed, NoisePurpose Purpose, uint Step);

/// <summary>
/// Philox-4x32-10, the counter-based generator of Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3" (SC 2011):
/// four 32-bit words that are a pure function of a 128-bit counter and a 64-bit key.
/// </summary>
internal static class Philox
{
    internal const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    internal const int Rounds = 10;
    internal const int SequenceSample = ushort.MaxValue;

    /// <summary>Counter word 1: the purpose in bits 0 to 7, the stream in bits 8 to 15, the sample in bits 16 to 31.</summary>
    internal static uint Address(NoisePurpose purpose, int stream, int sample) => (uint)purpose | ((uint)stream << 8) | ((uint)sample << 16);

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

    /// <summary>
    /// The words of a group of 64 features: lane i of vector w is word w at counter 16 <paramref name="group"/> + i, that is feature 64 <paramref name="group"/> + 16 w + i.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector512<uint> W0, Vector512<uint> W1, Vector512<uint> W2, Vector512<uint> W3) GroupWords(uint group, uint counter1, uint counter2, uint counter3, ulong key)
    {
        // Even and odd lanes run apart in 64-bit elements: a product's low half then stands where the next round reads it, and what is left above it is never read.
        Vector512<ulong> even0 = Vector512.Create(16UL * group) + Vector512.Create(0UL, 2, 4, 6, 8, 10, 12, 14), odd0 = even0 + Vector512<ulong>.One;
        Vector512<ulong> even1 = Vector512.Create((ulong)counter1), odd1 = even1;
        Vector512<ulong> even2 = Vector512.Create((ulong)counter2), odd2 = even2;
        Vector512<ulong> even3 = Vector512.Create((ulong)counter3), odd3 = even3;
        uint key0 = (uint)key, key1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            Vector512<ulong> roundKey0 = Vector512.Create((ulong)key0), roundKey1 = Vector512.Create((ulong)key1);
            (even0, even1, even2, even3) = Round(even0, even1, even2, even3, roundKey0, roundKey1);
            (odd0, odd1, odd2, odd3) = Round(odd0, odd1, odd2, odd3, roundKey0, roundKey1);
            key0 += Weyl0;
            key1 += Weyl1;
        }
        return (Interleave(even0, odd0), Interleave(even1, odd1), Interleave(even2, odd2), Interleave(even3, odd3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<ulong>, Vector512<ulong>, Vector512<ulong>, Vector512<ulong>) Round(
        Vector512<ulong> c0, Vector512<ulong> c1, Vector512<ulong> c2, Vector512<ulong> c3, Vector512<ulong> key0, Vector512<ulong> key1)
    {
        Vector512<ulong> product0 = MultiplyLow(c0, Multiplier0), product1 = MultiplyLow(c2, Multiplier1);
        return ((product1 >>> 32) ^ c1 ^ key0, product1, (product0 >>> 32) ^ c3 ^ key1, product0);
    }

    /// <summary>The 64-bit products of the elements' low halves with a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> MultiplyLow(Vector512<ulong> left, uint right)
    {
        if (Avx512F.IsSupported) return Avx512F.Multiply(left.AsUInt32(), Vector512.Create((ulong)right).AsUInt32());
        if (Avx2.IsSupported)
        {
            Vector256<uint> factor = Vector256.Create((ulong)right).AsUInt32();
            return Vector512.Create(Avx2.Multiply(left.GetLower().AsUInt32(), factor), Avx2.Multiply(left.GetUpper().AsUInt32(), factor));
        }
        return (left & Vector512.Create((ulong)uint.MaxValue)) * Vector512.Create((ulong)right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Interleave(Vector512<ulong> even, Vector512<ulong> odd) =>
        ((even & Vector512.Create((ulong)uint.MaxValue)) | (odd << 32)).AsUInt32();
}
