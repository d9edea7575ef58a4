using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Numerics;

/// <summary>Vectors of 16 numbers from and to spans whose last vector may be incomplete: what is missing reads as 0 and is not written.</summary>
internal static class Lanes
{
    public const int Count = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ReadOnlySpan<float> numbers, int first) =>
        numbers.Length - first >= Count ? Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(numbers), (nuint)first) : LoadPart(numbers[first..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> lanes, Span<float> numbers, int first)
    {
        if (numbers.Length - first >= Count) lanes.StoreUnsafe(ref MemoryMarshal.GetReference(numbers), (nuint)first);
        else StorePart(lanes, numbers[first..]);
    }

    /// <summary>The sum of the first lanes, at most 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> lanes, int count) => Vector512.Sum(lanes & First(count));

    /// <summary>All bits set in the first lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> First(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

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
}
