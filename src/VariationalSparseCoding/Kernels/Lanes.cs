using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Kernels;

/// <summary>Vectors of 16 numbers from and to spans whose last vector may be incomplete: what is missing reads as 0 and is not written.</summary>
internal static class Lanes
{
    public const int Count = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ReadOnlySpan<float> numbers, int first) =>
        numbers.Length - first >= Count ? Vector512.Create(numbers[first..]) : LoadPart(numbers[first..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> lanes, Span<float> numbers, int first)
    {
        if (numbers.Length - first >= Count) lanes.CopyTo(numbers[first..]);
        else StorePart(lanes, numbers[first..]);
    }

    /// <summary>The sum of the first lanes, at most 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> lanes, int count) => count >= Count ? Vector512.Sum(lanes) : SumPart(lanes, count);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<float> LoadPart(ReadOnlySpan<float> numbers)
    {
        Span<float> whole = stackalloc float[Count];
        whole.Clear();
        numbers.CopyTo(whole);
        return Vector512.Create<float>(whole);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StorePart(Vector512<float> lanes, Span<float> numbers)
    {
        Span<float> whole = stackalloc float[Count];
        lanes.CopyTo(whole);
        whole[..numbers.Length].CopyTo(numbers);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float SumPart(Vector512<float> lanes, int count)
    {
        float sum = 0;
        for (int i = 0; i < count; i++) sum += lanes[i];
        return sum;
    }
}
