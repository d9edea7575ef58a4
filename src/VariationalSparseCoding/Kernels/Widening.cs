using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Kernels;

/// <summary>Float32 from 16-bit floating point, exactly, subnormal numbers included; and the check that numbers are finite.</summary>
internal static class Widening
{
    /// <summary>Widens numbers of 1 sign, 5 exponent and 10 fraction bits (IEEE 754 binary16).</summary>
    /// <param name="halves">The numbers' bits.</param>
    /// <param name="singles">Receives the numbers; at least as many.</param>
    public static void FromHalf(ReadOnlySpan<ushort> halves, Span<float> singles)
    {
        // With the fraction in its place, the exponent is short of the difference of the biases, 112; a product by 2^112 puts that right for subnormal numbers too.
        const uint Sign = 0x8000, Magnitude = 0x7fff, Infinite = 0x7c00 << 13, InfiniteExponent = 0x7f800000;
        float bias = BitConverter.UInt32BitsToSingle((112 + 127) << 23);
        int first = 0;
        ref ushort source = ref MemoryMarshal.GetReference(halves);
        ref float target = ref MemoryMarshal.GetReference(singles[..halves.Length]);
        for (; first <= halves.Length - Vector512<ushort>.Count; first += Vector512<ushort>.Count)
        {
            var (lower, upper) = Vector512.Widen(Vector512.LoadUnsafe(ref source, (nuint)first));
            Widen(lower).StoreUnsafe(ref target, (nuint)first);
            Widen(upper).StoreUnsafe(ref target, (nuint)(first + Vector512<uint>.Count));
        }
        for (; first < halves.Length; first++) singles[first] = (float)BitConverter.UInt16BitsToHalf(halves[first]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        Vector512<float> Widen(Vector512<uint> bits)
        {
            var magnitude = (bits & Vector512.Create(Magnitude)) << 13;
            var scaled = (magnitude.AsSingle() * Vector512.Create(bias)).AsUInt32();
            scaled |= Vector512.GreaterThanOrEqual(magnitude, Vector512.Create(Infinite)) & Vector512.Create(InfiniteExponent);
            return (scaled | ((bits & Vector512.Create(Sign)) << 16)).AsSingle();
        }
    }

    /// <summary>Widens numbers of 1 sign, 8 exponent and 7 fraction bits (bfloat16).</summary>
    /// <param name="brains">The numbers' bits.</param>
    /// <param name="singles">Receives the numbers; at least as many.</param>
    public static void FromBrain(ReadOnlySpan<ushort> brains, Span<float> singles)
    {
        int first = 0;
        ref ushort source = ref MemoryMarshal.GetReference(brains);
        ref float target = ref MemoryMarshal.GetReference(singles[..brains.Length]);
        for (; first <= brains.Length - Vector512<ushort>.Count; first += Vector512<ushort>.Count)
        {
            var (lower, upper) = Vector512.Widen(Vector512.LoadUnsafe(ref source, (nuint)first));
            (lower << 16).AsSingle().StoreUnsafe(ref target, (nuint)first);
            (upper << 16).AsSingle().StoreUnsafe(ref target, (nuint)(first + Vector512<uint>.Count));
        }
        for (; first < brains.Length; first++) singles[first] = BitConverter.UInt32BitsToSingle((uint)brains[first] << 16);
    }

    /// <summary>Rounds float64 to float32.</summary>
    /// <param name="doubles">The numbers.</param>
    /// <param name="singles">Receives the numbers; at least as many. One that is too large becomes infinite.</param>
    public static void FromDouble(ReadOnlySpan<double> doubles, Span<float> singles)
    {
        for (int i = 0; i < doubles.Length; i++) singles[i] = (float)doubles[i];
    }

    /// <summary>Returns the place of the first number that is not finite, or -1.</summary>
    /// <param name="numbers">The numbers.</param>
    public static int IndexOfNonFinite(ReadOnlySpan<float> numbers)
    {
        const uint Exponent = 0x7f800000;
        int first = 0;
        ref float source = ref MemoryMarshal.GetReference(numbers);
        for (; first <= numbers.Length - Vector512<float>.Count; first += Vector512<float>.Count)
            if (Vector512.EqualsAny(Vector512.LoadUnsafe(ref source, (nuint)first).AsUInt32() & Vector512.Create(Exponent), Vector512.Create(Exponent))) break;
        for (; first < numbers.Length; first++)
            if (!float.IsFinite(numbers[first])) return first;
        return -1;
    }
}
