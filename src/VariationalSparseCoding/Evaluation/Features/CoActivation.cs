using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Evaluation;

/// <summary>
/// Which features are active in the same rows. A table of all pairs of thousands of features would not fit into memory, so the active features of rows drawn at random are kept:
/// fewer of the rows, the more there are.
/// </summary>
/// <param name="features">d.</param>
/// <param name="mostEntries">The most active features that are kept, of all rows together.</param>
internal sealed class CoActivation(int features, int mostEntries = CoActivation.DefaultEntries)
{
    private const int DefaultEntries = 1 << 23;

    // Counting takes a step for each pair.
    private const long MostPairs = 1L << 31;

    private readonly List<int> entries = [], ends = [];
    private readonly List<uint> draws = [];
    private uint limit = uint.MaxValue;
    private long pairs;

    /// <summary>Rows that are kept.</summary>
    public int Rows => ends.Count;

    /// <summary>Shows a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="active">Its active features.</param>
    public void Add(int row, ReadOnlySpan<int> active)
    {
        uint draw = FeatureTally.Scramble((uint)row);
        if (draw > limit) return;
        entries.AddRange(active);
        ends.Add(entries.Count);
        draws.Add(draw);
        pairs += (long)active.Length * active.Length;
        while (ends.Count > 1 && (entries.Count > mostEntries || pairs > MostPairs)) Halve();
    }

    /// <summary>Finds the features that are active with each, by the share of both among the rows of either.</summary>
    /// <param name="count">How many of each, n.</param>
    /// <param name="threads">Threads.</param>
    /// <returns>The features, [d, n], -1 where there are fewer; and the rows of both, [d, n].</returns>
    public (int[] Features, int[] Both) Strongest(int count, int threads)
    {
        var (starts, rows) = Inverted();
        int[] found = new int[features * count], both = new int[features * count];
        Array.Fill(found, -1);
        ParallelRanges.Run(features, threads, (first, end) =>
        {
            int[] together = new int[features];
            List<int> touched = [];
            for (int feature = first; feature < end; feature++)
            {
                touched.Clear();
                for (int place = starts[feature]; place < starts[feature + 1]; place++)
                    for (int entry = Begin(rows[place]); entry < ends[rows[place]]; entry++)
                        if (together[entries[entry]]++ == 0) touched.Add(entries[entry]);
                int own = starts[feature + 1] - starts[feature], present = 0;
                foreach (int other in touched.Where(other => other != feature).OrderByDescending(Likeness).ThenBy(other => other).Take(count))
                    (found[feature * count + present], both[feature * count + present++]) = (other, together[other]);
                foreach (int other in touched) together[other] = 0;

                double Likeness(int other) => together[other] / (double)(own + starts[other + 1] - starts[other] - together[other]);
            }
        });
        return (found, both);
    }

    /// <summary>Rows that are kept in which each feature is active, [d].</summary>
    public int[] Counts()
    {
        int[] counts = new int[features];
        foreach (int feature in entries) counts[feature]++;
        return counts;
    }

    private int Begin(int row) => row == 0 ? 0 : ends[row - 1];

    /// <summary>The rows of each feature one after the other, and where those of each begin, [d + 1].</summary>
    private (int[] Starts, int[] Rows) Inverted()
    {
        int[] starts = new int[features + 1], rows = new int[entries.Count], next = Counts();
        for (int feature = 0; feature < features; feature++) starts[feature + 1] = starts[feature] + next[feature];
        starts.AsSpan(0, features).CopyTo(next);
        for (int row = 0; row < ends.Count; row++)
            for (int entry = Begin(row); entry < ends[row]; entry++) rows[next[entries[entry]]++] = row;
        return (starts, rows);
    }

    private void Halve()
    {
        limit /= 2;
        int left = 0, written = 0, begin = 0;
        pairs = 0;
        for (int row = 0; row < ends.Count; row++)
        {
            int end = ends[row];
            if (draws[row] <= limit)
            {
                for (int entry = begin; entry < end; entry++) entries[written++] = entries[entry];
                (ends[left], draws[left]) = (written, draws[row]);
                left++;
                pairs += (long)(end - begin) * (end - begin);
            }
            begin = end;
        }
        entries.RemoveRange(written, entries.Count - written);
        ends.RemoveRange(left, ends.Count - left);
        draws.RemoveRange(left, draws.Count - left);
    }
}
