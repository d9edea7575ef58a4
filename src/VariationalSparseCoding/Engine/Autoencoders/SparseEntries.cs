using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Engine;

/// <summary>
/// The features that count in a batch, row after row and by features within a row: what the encoder gave them, their code, and the gradients by both. All else of the
/// batch is 0 and has no gradient. The room grows to what was once needed.
/// </summary>
/// <param name="rows">B.</param>
internal sealed class SparseEntries(int rows)
{
    private readonly int[] starts = new int[rows + 1];
    private int[] features = [];
    private float[] inputs = [], drawn = [], codes = [], gradients = [], firstOwn = [], secondOwn = [];
    private ulong[] keys = [];

    /// <summary>How many entries there are.</summary>
    public int Count => starts[rows];

    /// <summary>The feature of each entry.</summary>
    public Span<int> Features => features.AsSpan(0, Count);

    /// <summary>The encoder's values h.</summary>
    public Span<float> Inputs => inputs.AsSpan(0, Count);

    /// <summary>The draw of each entry; of gates that draw.</summary>
    public Span<float> Drawn => drawn.AsSpan(0, Count);

    /// <summary>The code z.</summary>
    public Span<float> Codes => codes.AsSpan(0, Count);

    /// <summary>dL/dz, and after the pull-back dL/dh.</summary>
    public Span<float> Gradients => gradients.AsSpan(0, Count);

    /// <summary>After the pull-back the gradient by the gate's first own parameter of the entry's feature.</summary>
    public Span<float> FirstOwn => firstOwn.AsSpan(0, Count);

    /// <summary>The same of the second one; before, dL/dh of a path of the gate's own.</summary>
    public Span<float> SecondOwn => secondOwn.AsSpan(0, Count);

    /// <summary>The first entry of a row; of the row behind the last one, the number of entries.</summary>
    /// <param name="row">The row.</param>
    public int Start(int row) => starts[row];

    /// <summary>Takes over what threads have collected, each of neighbouring rows.</summary>
    /// <param name="lists">The threads' lists, in the order of the rows.</param>
    /// <param name="counts">The number of entries of each row.</param>
    public void Take(EntryList[] lists, int[] counts)
    {
        int total = 0;
        for (int row = 0; row < rows; row++)
        {
            starts[row] = total;
            total += counts[row];
        }
        starts[rows] = total;
        if (features.Length < total)
        {
            int room = Math.Max(total, 2 * features.Length);
            features = new int[room];
            (inputs, drawn, codes, gradients, firstOwn, secondOwn) = (new float[room], new float[room], new float[room], new float[room], new float[room], new float[room]);
        }
        int place = 0;
        foreach (var list in lists)
        {
            list.Features.CopyTo(features.AsSpan(place));
            list.Values.CopyTo(inputs.AsSpan(place));
            place += list.Count;
        }
    }

    /// <summary>Returns the least key of the entries whose values have the largest size, earlier ones counting as larger where these are equal; 0 if there are no more entries.</summary>
    /// <param name="values">A value for each entry.</param>
    /// <param name="count">How many entries, at least 1.</param>
    public ulong LeastKey(ReadOnlySpan<float> values, int count)
    {
        int total = Count;
        if (total <= count) return 0;
        if (keys.Length < total) keys = new ulong[inputs.Length];
        for (int i = 0; i < total; i++) keys[i] = Largest.Key(Math.Abs(values[i]), i);
        return Largest.Select(keys.AsSpan(0, total), count);
    }

    /// <summary>Keeps the entries whose h, with their draws, is larger in size than a number.</summary>
    /// <param name="size">The number.</param>
    public void KeepBeyond(float size)
    {
        int kept = 0;
        for (int row = 0, i = 0; row < rows; row++)
        {
            int end = starts[row + 1];
            starts[row] = kept;
            for (; i < end; i++)
            {
                if (!(Math.Abs(inputs[i]) > size)) continue;
                (features[kept], inputs[kept], drawn[kept]) = (features[i], inputs[i], drawn[i]);
                kept++;
            }
        }
        starts[rows] = kept;
    }

    /// <summary>Keeps the entries with the largest h, the first ones of equal h.</summary>
    /// <param name="count">How many are kept at most, at least 1.</param>
    /// <returns>The least h that was kept.</returns>
    public float KeepLargest(int count)
    {
        if (Count == 0) return 0;
        ulong least = LeastKey(Inputs, count);
        int kept = 0;
        float smallest = float.PositiveInfinity;
        for (int row = 0, i = 0; row < rows; row++)
        {
            int end = starts[row + 1];
            starts[row] = kept;
            for (; i < end; i++)
            {
                if (Largest.Key(inputs[i], i) < least) continue;
                smallest = Math.Min(smallest, inputs[i]);
                features[kept] = features[i];
                inputs[kept++] = inputs[i];
            }
        }
        starts[rows] = kept;
        return smallest;
    }
}
