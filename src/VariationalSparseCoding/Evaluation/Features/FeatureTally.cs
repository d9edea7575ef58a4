using VariationalSparseCoding.Data;

namespace VariationalSparseCoding.Evaluation;

/// <summary>
/// What is counted of each feature while codes pass by: memory grows with the number of features and not with that of the rows. Nothing depends on the order of the rows.
/// </summary>
internal sealed class FeatureTally
{
    private readonly int features, kept;
    private readonly RowLabels? labels;
    private readonly double[] magnitudes;
    private readonly int[] exponents, topCounts;
    private readonly uint[] drawn;

    /// <summary>Counts nothing yet.</summary>
    /// <param name="features">d.</param>
    /// <param name="kept">How many of the greatest values of a feature are kept, K.</param>
    /// <param name="labels">The rows' labels; null if they have none.</param>
    public FeatureTally(int features, int kept, RowLabels? labels)
    {
        (this.features, this.kept, this.labels) = (features, kept, labels);
        (Counts, Negative, magnitudes, topCounts) = (new int[features], new int[features], new double[features], new int[features]);
        exponents = [.. Enumerable.Repeat(ValueRange.None, features)];
        (Histogram, drawn) = (new int[features * 2 * ValueRange.Bins], new uint[features * ValueRange.Bins]);
        (RangeRows, RangeValues) = (new int[features * ValueRange.Bins], new float[features * ValueRange.Bins]);
        (TopRows, TopValues) = (new int[features * kept], new float[features * kept]);
        (LabelCounts, LabelTotals) = (new int[features * (labels?.Names.Count ?? 0)], new int[labels?.Names.Count ?? 0]);
    }

    /// <summary>Rows so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows in which each feature is active, [d].</summary>
    public int[] Counts { get; }

    /// <summary>Rows in which each feature is negative, [d].</summary>
    public int[] Negative { get; }

    /// <summary>The greatest values of each feature, [d, K], in the order of a heap, and then as <see cref="SortTop"/> says; 0 where there are fewer.</summary>
    public float[] TopValues { get; }

    /// <summary>The rows of <see cref="TopValues"/>, [d, K].</summary>
    public int[] TopRows { get; }

    /// <summary>Rows by the sign and magnitude of each feature's value, [d, 2, bins]: first the positive ones.</summary>
    public int[] Histogram { get; }

    /// <summary>A value drawn from each bin of each feature's magnitude, [d, bins]; 0 where a bin is empty.</summary>
    public float[] RangeValues { get; }

    /// <summary>The rows of <see cref="RangeValues"/>, [d, bins].</summary>
    public int[] RangeRows { get; }

    /// <summary>Rows of each feature and label, [d, L].</summary>
    public int[] LabelCounts { get; }

    /// <summary>Rows of each label, [L].</summary>
    public int[] LabelTotals { get; }

    /// <summary>The exponent of each feature's range of values, [d]; see <see cref="ValueRange"/>.</summary>
    public int[] Exponents => exponents;

    /// <summary>The mean magnitude of each feature where it is active, [d].</summary>
    public float[] MeanMagnitudes() => [.. magnitudes.Select((sum, feature) => Counts[feature] == 0 ? 0 : (float)(sum / Counts[feature]))];

    /// <summary>Counts a code.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="active">The active features.</param>
    /// <param name="code">The code, [d].</param>
    public void Add(int row, ReadOnlySpan<int> active, ReadOnlySpan<float> code)
    {
        Rows++;
        labels?.AddTo(row, LabelTotals);
        uint draw = Scramble((uint)row);
        foreach (int feature in active)
        {
            float value = code[feature], magnitude = Math.Abs(value);
            Counts[feature]++;
            magnitudes[feature] += magnitude;
            if (value < 0) Negative[feature]++;
            labels?.AddTo(row, LabelCounts.AsSpan(feature * LabelTotals.Length, LabelTotals.Length));
            AddToRange(feature, row, value, magnitude, draw);
            AddToTop(feature, row, value);
        }
    }

    /// <summary>Puts the greatest values of each feature first, and the first rows of equal ones.</summary>
    public void SortTop()
    {
        for (int feature = 0; feature < features; feature++)
        {
            int first = feature * kept, count = topCounts[feature];
            var sorted = Enumerable.Range(first, count).Select(place => (Value: TopValues[place], Row: TopRows[place])).OrderByDescending(entry => Math.Abs(entry.Value)).ThenBy(entry => entry.Row).ToArray();
            for (int i = 0; i < count; i++) (TopValues[first + i], TopRows[first + i]) = sorted[i];
        }
    }

    /// <summary>A number without a pattern for each row: the least of some rows is drawn.</summary>
    /// <param name="row">The row.</param>
    internal static uint Scramble(uint row)
    {
        // The finaliser of MurmurHash3, which maps different rows to different numbers.
        row = (row ^ (row >> 16)) * 0x85EBCA6B;
        row = (row ^ (row >> 13)) * 0xC2B2AE35;
        return row ^ (row >> 16);
    }

    private void AddToRange(int feature, int row, float value, float magnitude, uint draw)
    {
        int exponent = ValueRange.ExponentOf(magnitude);
        if (exponent > exponents[feature])
        {
            if (exponents[feature] != ValueRange.None) Grow(feature, ValueRange.Shift(exponents[feature], exponent));
            exponents[feature] = exponent;
        }
        int bin = ValueRange.BinOf(magnitude, exponents[feature]), place = feature * ValueRange.Bins + bin;
        Histogram[(2 * feature + (value < 0 ? 1 : 0)) * ValueRange.Bins + bin]++;
        if (RangeValues[place] == 0 || draw < drawn[place]) (drawn[place], RangeRows[place], RangeValues[place]) = (draw, row, value);
    }

    private void Grow(int feature, int shift)
    {
        for (int side = 0; side < 2; side++)
        {
            var counts = Histogram.AsSpan((2 * feature + side) * ValueRange.Bins, ValueRange.Bins);
            for (int bin = 1; bin < counts.Length; bin++)
            {
                int count = counts[bin];
                counts[bin] = 0;
                counts[bin >> shift] += count;
            }
        }
        int first = feature * ValueRange.Bins;
        for (int bin = 1; bin < ValueRange.Bins; bin++)
        {
            int from = first + bin, to = first + (bin >> shift);
            float value = RangeValues[from];
            if (value == 0) continue;
            RangeValues[from] = 0;
            if (RangeValues[to] == 0 || drawn[from] < drawn[to]) (drawn[to], RangeRows[to], RangeValues[to]) = (drawn[from], RangeRows[from], value);
        }
    }

    // The least of the greatest stands first.
    private void AddToTop(int feature, int row, float value)
    {
        var values = TopValues.AsSpan(feature * kept, kept);
        var rows = TopRows.AsSpan(feature * kept, kept);
        int place, count = topCounts[feature];
        if (count < kept)
        {
            for (place = topCounts[feature]++; place > 0 && IsLess(value, row, values[(place - 1) / 2], rows[(place - 1) / 2]); place = (place - 1) / 2)
                (values[place], rows[place]) = (values[(place - 1) / 2], rows[(place - 1) / 2]);
        }
        else
        {
            if (!IsLess(values[0], rows[0], value, row)) return;
            place = 0;
            for (int child = 1; child < kept; child = 2 * place + 1)
            {
                if (child + 1 < kept && IsLess(values[child + 1], rows[child + 1], values[child], rows[child])) child++;
                if (!IsLess(values[child], rows[child], value, row)) break;
                (values[place], rows[place]) = (values[child], rows[child]);
                place = child;
            }
        }
        (values[place], rows[place]) = (value, row);
    }

    private static bool IsLess(float value, int row, float other, int otherRow) =>
        Math.Abs(value) is var magnitude && Math.Abs(other) is var otherMagnitude && (magnitude < otherMagnitude || magnitude == otherMagnitude && row > otherRow);
}
