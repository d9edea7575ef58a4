namespace VariationalSparseCoding.Engine;

/// <summary>
/// The entries of a batch by features: what each feature's gradients are sums of, so that whoever does a feature has all of it and no sum is divided between threads.
/// </summary>
/// <param name="features">d.</param>
internal sealed class FeatureGradients(int features)
{
    /// <summary>Neighbouring features form so many groups, each of which one thread does: sums over a group do not depend on the number of threads.</summary>
    public const int Groups = 64;

    // The work of a feature beside its entries, counted in entries.
    private const int FeatureWork = 6;

    private readonly int[] starts = new int[features + 1], counts = new int[features], touched = new int[features], groupStarts = new int[Groups + 1];
    private readonly float[] biasGradients = new float[features];
    private readonly long[] work = new long[features + 1];
    private int[] lines = [], rows = [];
    private float[] codes = [], gradients = [], firstOwn = [], secondOwn = [];
    private int touchedCount;

    /// <summary>The number of entries of each feature.</summary>
    public ReadOnlySpan<int> Counts => counts;

    /// <summary>dL/db of every feature, the sum of its entries' dL/dh.</summary>
    public ReadOnlySpan<float> BiasGradients => biasGradients;

    /// <summary>Begins a batch.</summary>
    public void Clear() => Array.Clear(counts);

    /// <summary>Counts entries.</summary>
    /// <param name="entries">The entries.</param>
    public void Count(SparseEntries entries)
    {
        foreach (int feature in entries.Features) counts[feature]++;
    }

    /// <summary>Makes room for all that was counted.</summary>
    public void Arrange()
    {
        int total = 0;
        touchedCount = 0;
        for (int feature = 0; feature < features; feature++)
        {
            starts[feature] = total;
            if (counts[feature] == 0) continue;
            total += counts[feature];
            work[touchedCount] = total + (long)FeatureWork * touchedCount;
            touched[touchedCount++] = feature;
        }
        starts[features] = total;
        for (int group = 0, place = 0; group <= Groups; group++)
        {
            while (place < touchedCount && GroupOf(touched[place]) < group) place++;
            groupStarts[group] = place;
        }
        if (lines.Length < total)
        {
            int room = Math.Max(total, 2 * lines.Length);
            (lines, rows) = (new int[room], new int[room]);
            (codes, gradients, firstOwn, secondOwn) = (new float[room], new float[room], new float[room], new float[room]);
        }
        Array.Clear(biasGradients);
        Array.Clear(counts);
    }

    /// <summary>Adds an entry of which room was made.</summary>
    /// <param name="feature">Its feature.</param>
    /// <param name="line">The row of the residuals that its atom learns from.</param>
    /// <param name="code">z.</param>
    /// <param name="row">The sample.</param>
    /// <param name="gradient">dL/dh.</param>
    /// <param name="own">The gradients by the gate's own parameters.</param>
    public void Add(int feature, int line, float code, int row, float gradient, (float First, float Second) own)
    {
        int place = starts[feature] + counts[feature]++;
        (lines[place], codes[place], rows[place], gradients[place], firstOwn[place], secondOwn[place]) = (line, code, row, gradient, own.First, own.Second);
        biasGradients[feature] += gradient;
    }

    /// <summary>The entries of a feature.</summary>
    /// <param name="feature">The feature.</param>
    public Entries Of(int feature) => new(this, starts[feature], starts[feature + 1]);

    /// <summary>The group of a feature.</summary>
    /// <param name="feature">The feature.</param>
    public int GroupOf(int feature) => (int)((long)feature * Groups / features);

    /// <summary>The touched features that a part of a team works on, whole groups, so that all parts have about the same to do.</summary>
    /// <param name="part">The part.</param>
    /// <param name="parts">Number of parts.</param>
    public ReadOnlySpan<int> Part(int part, int parts) => touched.AsSpan(Bound(part, parts)..Bound(part + 1, parts));

    private int Bound(int part, int parts)
    {
        if (part == 0 || touchedCount == 0) return 0;
        if (part == parts) return touchedCount;
        long wanted = work[touchedCount - 1] * part / parts;
        int group = 0;
        while (groupStarts[group] < touchedCount && work[groupStarts[group]] < wanted) group++;
        return groupStarts[group];
    }

    /// <summary>The entries of a feature, by rows.</summary>
    /// <param name="all">The entries of all.</param>
    /// <param name="first">The first one.</param>
    /// <param name="end">The one behind the last.</param>
    internal readonly ref struct Entries(FeatureGradients all, int first, int end)
    {
        /// <summary>Rows of the residuals.</summary>
        public ReadOnlySpan<int> Lines => all.lines.AsSpan(first..end);

        /// <summary>z.</summary>
        public ReadOnlySpan<float> Codes => all.codes.AsSpan(first..end);

        /// <summary>The samples.</summary>
        public ReadOnlySpan<int> Rows => all.rows.AsSpan(first..end);

        /// <summary>dL/dh.</summary>
        public ReadOnlySpan<float> Gradients => all.gradients.AsSpan(first..end);

        /// <summary>The sum of the gradients by one of the gate's own parameters.</summary>
        /// <param name="second">Which of the two.</param>
        public float Own(bool second)
        {
            float sum = 0;
            foreach (float gradient in (second ? all.secondOwn : all.firstOwn).AsSpan(first..end)) sum += gradient;
            return sum;
        }
    }
}
