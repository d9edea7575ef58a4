using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Torch.Networks;

/// <summary>Numbers in bfloat16, the upper half of a float32, and what a network needs of them beside matrix products: all is computed in float32 and rounded to the nearest, ties to even.</summary>
internal static class Bfloat16
{
    private const int Lanes = 16;

    /// <summary>Rounds numbers.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="rounded">Receives them, as many.</param>
    public static void Round(ReadOnlySpan<float> numbers, Span<ushort> rounded)
    {
        int i = 0;
        for (; i <= numbers.Length - 2 * Lanes; i += 2 * Lanes)
            Rounded(Load(numbers, i), Load(numbers, i + Lanes)).StoreUnsafe(ref MemoryMarshal.GetReference(rounded), (nuint)i);
        for (; i < numbers.Length; i++) rounded[i] = Rounded(numbers[i]);
    }

    /// <summary>The float32 of each number.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="widened">Receives them, as many.</param>
    public static void Widen(ReadOnlySpan<ushort> numbers, Span<float> widened)
    {
        int i = 0;
        for (; i <= numbers.Length - 2 * Lanes; i += 2 * Lanes)
        {
            var (lower, upper) = Widened(numbers, i);
            Store(lower, widened, i);
            Store(upper, widened, i + Lanes);
        }
        for (; i < numbers.Length; i++) widened[i] = Widened(numbers[i]);
    }

    /// <summary>y + b in float32.</summary>
    /// <param name="products">y.</param>
    /// <param name="bias">b.</param>
    /// <param name="sums">Receives the sums.</param>
    public static void AddBias(ReadOnlySpan<ushort> products, ReadOnlySpan<float> bias, Span<float> sums)
    {
        Widen(products, sums);
        for (int i = 0; i < sums.Length; i += Numerics.Lanes.Count) Numerics.Lanes.Store(Numerics.Lanes.Load(sums, i) + Numerics.Lanes.Load(bias, i), sums, i);
    }

    /// <summary>y = max(0, y + b), in place.</summary>
    /// <param name="products">y.</param>
    /// <param name="bias">b.</param>
    public static void AddBiasAndRectify(Span<ushort> products, ReadOnlySpan<float> bias)
    {
        int i = 0;
        for (; i <= products.Length - 2 * Lanes; i += 2 * Lanes)
        {
            var (lower, upper) = Widened(products, i);
            Rounded(Vector512.Max(lower + Load(bias, i), Vector512<float>.Zero), Vector512.Max(upper + Load(bias, i + Lanes), Vector512<float>.Zero))
                .StoreUnsafe(ref MemoryMarshal.GetReference(products), (nuint)i);
        }
        // Math.Max keeps a NaN, as the vectors' Max does.
        for (; i < products.Length; i++) products[i] = Rounded(Math.Max(0, Widened(products[i]) + bias[i]));
    }

    /// <summary>Lets a gradient through where the ReLU's output is not 0.</summary>
    /// <param name="gradients">dL/dy, changed in place to the gradient before the ReLU.</param>
    /// <param name="outputs">The ReLU's outputs.</param>
    public static void MaskByRelu(Span<ushort> gradients, ReadOnlySpan<ushort> outputs)
    {
        int i = 0;
        for (; i <= gradients.Length - 2 * Lanes; i += 2 * Lanes)
        {
            ref ushort place = ref gradients[i];
            Vector512<ushort> closed = Vector512.Equals(Vector512.LoadUnsafe(in outputs[i]), Vector512<ushort>.Zero);
            Vector512.AndNot(Vector512.LoadUnsafe(in place), closed).StoreUnsafe(ref place);
        }
        for (; i < gradients.Length; i++)
            if (outputs[i] == 0) gradients[i] = 0;
    }

    /// <summary>Adds numbers to float32 sums.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="sums">The sums, as many, changed in place.</param>
    public static void Accumulate(ReadOnlySpan<ushort> numbers, Span<float> sums)
    {
        int i = 0;
        for (; i <= numbers.Length - 2 * Lanes; i += 2 * Lanes)
        {
            var (lower, upper) = Widened(numbers, i);
            Store(Load(sums, i) + lower, sums, i);
            Store(Load(sums, i + Lanes) + upper, sums, i + Lanes);
        }
        for (; i < numbers.Length; i++) sums[i] += Widened(numbers[i]);
    }

    private static float Widened(ushort number) => BitConverter.UInt32BitsToSingle((uint)number << 16);

    private static ushort Rounded(float number)
    {
        uint bits = BitConverter.SingleToUInt32Bits(number);
        // A NaN stays one: rounding could carry it away.
        return (ushort)((float.IsNaN(number) ? bits | 1 << 22 : bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> Rounded(Vector512<float> lower, Vector512<float> upper) => Vector512.Narrow(Rounded(lower), Rounded(upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Rounded(Vector512<float> numbers)
    {
        Vector512<uint> bits = numbers.AsUInt32(), rounded = bits + Vector512.Create(0x7FFFu) + (bits >>> 16 & Vector512<uint>.One);
        return Vector512.ConditionalSelect(Vector512.IsNaN(numbers).AsUInt32(), bits | Vector512.Create(1u << 22), rounded) >>> 16;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Lower, Vector512<float> Upper) Widened(ReadOnlySpan<ushort> numbers, int first)
    {
        var (lower, upper) = Vector512.Widen(Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(numbers), (nuint)first));
        return ((lower << 16).AsSingle(), (upper << 16).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(ReadOnlySpan<float> numbers, int first) => Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(numbers), (nuint)first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> lanes, Span<float> numbers, int first) => lanes.StoreUnsafe(ref MemoryMarshal.GetReference(numbers), (nuint)first);
}
