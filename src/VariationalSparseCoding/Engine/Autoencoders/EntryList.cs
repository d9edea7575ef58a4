using System.Numerics;
using System.Runtime.Intrinsics;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Engine;

/// <summary>Features of one row after another with a value each, collected by one thread, in room that grows to what was once needed.</summary>
internal sealed class EntryList
{
    // The part of the former row's least chosen value that a next row's are first compared with: low enough for most rows to have enough of them, high enough for few more.
    private const float Lowered = 0.8f;

    private int[] features = new int[64];
    private float[] values = new float[64];
    private ulong[] keys = new ulong[64];
    private float expected;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The features.</summary>
    public ReadOnlySpan<int> Features => features.AsSpan(0, Count);

    /// <summary>Their values.</summary>
    public ReadOnlySpan<float> Values => values.AsSpan(0, Count);

    /// <summary>Forgets all.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a feature.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="value">Its value.</param>
    public void Add(int feature, float value)
    {
        if (Count == features.Length)
        {
            Array.Resize(ref features, 2 * Count);
            Array.Resize(ref values, 2 * Count);
        }
        features[Count] = feature;
        values[Count++] = value;
    }

    /// <summary>Adds every feature whose value exceeds a number, in order.</summary>
    /// <param name="row">The values of all features, [d].</param>
    /// <param name="floor">The number.</param>
    public void AddAbove(ReadOnlySpan<float> row, float floor)
    {
        Vector512<float> least = Vector512.Create(floor);
        for (int first = 0; first < row.Length; first += Lanes.Count)
            AddActive(row, first, Vector512.GreaterThan(Lanes.Load(row, first), least).ExtractMostSignificantBits());
    }

    /// <summary>Adds every feature whose value is larger in size than a number, in order.</summary>
    /// <param name="row">The values of all features, [d].</param>
    /// <param name="floor">The number.</param>
    public void AddBeyond(ReadOnlySpan<float> row, float floor)
    {
        Vector512<float> least = Vector512.Create(floor);
        for (int first = 0; first < row.Length; first += Lanes.Count)
            AddActive(row, first, Vector512.GreaterThan(Vector512.Abs(Lanes.Load(row, first)), least).ExtractMostSignificantBits());
    }

    /// <summary>Adds every feature whose value is not 0, in order.</summary>
    /// <param name="row">The values of all features, [d].</param>
    public void AddNonzero(ReadOnlySpan<float> row)
    {
        for (int first = 0; first < row.Length; first += Lanes.Count)
            AddActive(row, first, (~Vector512.Equals(Lanes.Load(row, first), Vector512<float>.Zero)).ExtractMostSignificantBits());
    }

    /// <summary>Adds every feature whose value exceeds its own number and 0, in order.</summary>
    /// <param name="row">The values of all features, [d].</param>
    /// <param name="floors">The numbers, [d].</param>
    /// <param name="factor">What these are multiplied by.</param>
    /// <param name="bySize">Whether values below 0 count by their size.</param>
    public void AddAbove(ReadOnlySpan<float> row, ReadOnlySpan<float> floors, float factor, bool bySize = false)
    {
        Vector512<float> by = Vector512.Create(factor);
        for (int first = 0; first < row.Length; first += Lanes.Count)
        {
            Vector512<float> least = Vector512.Max(Lanes.Load(floors, first) * by, Vector512<float>.Zero), values = Lanes.Load(row, first);
            AddActive(row, first, Vector512.GreaterThan(bySize ? Vector512.Abs(values) : values, least).ExtractMostSignificantBits());
        }
    }

    /// <summary>Adds the features with the largest values above 0, the first ones of equal value, in the order of the features.</summary>
    /// <param name="row">The values of all features, [d].</param>
    /// <param name="count">How many at most.</param>
    /// <param name="bySize">Whether values below 0 count by their size.</param>
    public void AddLargest(ReadOnlySpan<float> row, int count, bool bySize = false)
    {
        int start = Count;
        Add(row, expected, bySize);
        if (expected > 0 && Count - start < count)
        {
            Count = start;
            Add(row, 0, bySize);
        }
        expected = Keep(start, count) * Lowered;
    }

    private void Add(ReadOnlySpan<float> row, float floor, bool bySize)
    {
        if (bySize) AddBeyond(row, floor);
        else AddAbove(row, floor);
    }

    /// <summary>Keeps the entries with the values of the largest size from one of them on, the first ones of equal value, in their order.</summary>
    /// <param name="start">The first entry that is looked at.</param>
    /// <param name="count">How many are kept at most.</param>
    /// <returns>The least size that was kept; 0 if all were.</returns>
    private float Keep(int start, int count)
    {
        int candidates = Count - start;
        if (candidates <= count) return 0;
        if (keys.Length < candidates) keys = new ulong[2 * candidates];
        for (int i = 0; i < candidates; i++) keys[i] = Largest.Key(Math.Abs(values[start + i]), i);
        ulong least = Largest.Select(keys.AsSpan(0, candidates), count);
        Count = start;
        for (int i = 0; i < candidates; i++)
        {
            if (Largest.Key(Math.Abs(values[start + i]), i) < least) continue;
            features[Count] = features[start + i];
            values[Count++] = values[start + i];
        }
        return Largest.SizeOf(least);
    }

    private void AddActive(ReadOnlySpan<float> row, int first, ulong active)
    {
        for (; active != 0; active &= active - 1)
        {
            int feature = first + BitOperations.TrailingZeroCount(active);
            Add(feature, row[feature]);
        }
    }
}
