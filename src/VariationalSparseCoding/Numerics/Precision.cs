using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Numerics;

/// <summary>Between float32 and float64, on the calling thread.</summary>
internal static class Precision
{
    /// <summary>Whether there is no NaN and no infinity among numbers.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="numbers">The numbers.</param>
    public static bool AllFinite<T>(ReadOnlySpan<T> numbers) where T : struct, INumber<T>
    {
        // x - x is 0, or NaN where x is not finite.
        var vectors = MemoryMarshal.Cast<T, Vector512<T>>(numbers);
        var sums = Vector512<T>.Zero;
        foreach (var vector in vectors) sums += vector - vector;
        T sum = Vector512.Sum(sums);
        foreach (T number in numbers[(vectors.Length * Vector512<T>.Count)..]) sum += number - number;
        return sum == T.Zero;
    }

    /// <summary>Returns the index of the first NaN or infinity, or -1 if there is none.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="numbers">The numbers.</param>
    public static int IndexOfNonFinite<T>(ReadOnlySpan<T> numbers) where T : struct, INumber<T>
    {
        if (AllFinite(numbers)) return -1;
        int index = 0;
        while (T.IsFinite(numbers[index])) index++;
        return index;
    }

    /// <summary>Converts numbers of either precision to float64.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="numbers">The numbers.</param>
    /// <param name="destination">At least as long.</param>
    public static void ToDouble<T>(ReadOnlySpan<T> numbers, Span<double> destination) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) Widen(MemoryMarshal.Cast<T, float>(numbers), destination);
        else MemoryMarshal.Cast<T, double>(numbers).CopyTo(destination);
    }

    /// <summary>Converts from float64 to numbers of either precision.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="numbers">The numbers.</param>
    /// <param name="destination">At least as long.</param>
    public static void FromDouble<T>(ReadOnlySpan<double> numbers, Span<T> destination) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) Narrow(numbers, MemoryMarshal.Cast<T, float>(destination));
        else numbers.CopyTo(MemoryMarshal.Cast<T, double>(destination));
    }

    /// <summary>Converts to float64.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="destination">At least as long.</param>
    public static void Widen(ReadOnlySpan<float> numbers, Span<double> destination)
    {
        int i = 0;
        for (; i + Vector512<float>.Count <= numbers.Length; i += Vector512<float>.Count)
        {
            var (lower, upper) = Vector512.Widen(Vector512.Create(numbers[i..]));
            lower.CopyTo(destination[i..]);
            upper.CopyTo(destination[(i + Vector512<double>.Count)..]);
        }
        for (; i < numbers.Length; i++) destination[i] = numbers[i];
    }

    /// <summary>Rounds to float32.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="destination">At least as long.</param>
    public static void Narrow(ReadOnlySpan<double> numbers, Span<float> destination)
    {
        int i = 0;
        for (; i + Vector512<float>.Count <= numbers.Length; i += Vector512<float>.Count)
            Vector512.Narrow(Vector512.Create(numbers[i..]), Vector512.Create(numbers[(i + Vector512<double>.Count)..])).CopyTo(destination[i..]);
        for (; i < numbers.Length; i++) destination[i] = (float)numbers[i];
    }
}
