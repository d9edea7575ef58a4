using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Engine;

/// <summary>Features of one row after another with a value each, collected by one thread, in room that grows to what was once needed.</summary>
internal sealed class EntryList
{
    // So many lanes for each of the values that are looked for: few of the largest values then share one.
    private const int LanesEach = 4;

    private int[] features = new int[64];
    private float[] values = new float[64];
    private ulong[] keys = new ulong[64];
    private Vector512<float>[] maxima = [];

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
        Add(row, LessThanLargest(row, count, bySize), bySize);
        Keep(start, count);
    }

    /// <summary>
    /// Returns a number of at least 0 that is less than the largest values above 0, and than few others: every lane of a few vectors takes its largest of the row, and so many lanes have values
    /// of at least the number just above what is returned.
    /// </summary>
    private float LessThanLargest(ReadOnlySpan<float> row, int count, bool bySize)
    {
        int vectors = (LanesEach * count + Lanes.Count - 1) / Lanes.Count, stride = vectors * Lanes.Count;
        if (row.Length < 2 * stride) return 0;
        if (maxima.Length < vectors) maxima = new Vector512<float>[vectors];
        Array.Clear(maxima, 0, vectors);
        for (int first = 0; first < row.Length; first += stride)
        {
            int present = Math.Min(vectors, (row.Length - first + Lanes.Count - 1) / Lanes.Count);
            for (int i = 0; i < present; i++)
            {
                Vector512<float> values = Lanes.Load(row, first + i * Lanes.Count), largest = maxima[i];
                if (bySize) values = Vector512.Abs(values);
                maxima[i] = Vector512.ConditionalSelect(Vector512.GreaterThan(values, largest), values, largest);
            }
        }
        var lanes = MemoryMarshal.Cast<Vector512<float>, float>(maxima.AsSpan(0, vectors));
        if (keys.Length < lanes.Length) keys = new ulong[2 * lanes.Length];
        for (int i = 0; i < lanes.Length; i++) keys[i] = Largest.Key(lanes[i], i);
        return Math.Max(0, MathF.BitDecrement(Largest.SizeOf(Largest.Select(keys.AsSpan(0, lanes.Length), count))));
    }

    private void Add(ReadOnlySpan<float> row, float floor, bool bySize)
    {
        if (bySize) AddBeyond(row, floor);
        else AddAbove(row, floor);
    }

    /// <summary>Keeps the entries with the values of the largest size from one of them on, the first ones of equal value, in their order.</summary>
    /// <param name="start">The first entry that is looked at.</param>
    /// <param name="count">How many are kept at most.</param>
    private void Keep(int start, int count)
    {
        int candidates = Count - start;
        if (candidates <= count) return;
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
