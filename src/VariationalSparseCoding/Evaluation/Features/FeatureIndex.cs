using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Evaluation;

/// <summary>How far the making of an index is.</summary>
/// <param name="Done">Rows that are encoded.</param>
/// <param name="Total">All rows.</param>
internal readonly record struct IndexProgress(int Done, int Total);

/// <summary>
/// What is known of every feature of a run on the rows of some data: the rows that activate it most, how often and how strongly it is active, and what it goes with.
/// It is made in one pass over the rows, in memory that does not grow with them but for 4 bytes a row where they have labels, and kept in a safetensors file.
/// </summary>
internal sealed class FeatureIndex
{
    /// <summary>How many of the rows that activate a feature most are kept.</summary>
    public const int KeptRows = 50;

    /// <summary>How many nearest and most opposed atoms, and features active together, are kept of each.</summary>
    public const int KeptNeighbours = 10;

    private const string Format = "vsc-features-1", FormatKey = "format", HashKey = "hash", RowsKey = "rows", LabelsKey = "labels", SampledKey = "sampled_rows";

    private readonly IReadOnlyList<string> labels;
    private readonly int[] counts, negative, exponents, histogram, rangeRows, topRows, labelCounts, labelTotals, sampledCounts, together, both, neighbours;
    private readonly float[] magnitudes, rangeValues, topValues, cosines;
    private readonly int sampledRows;

    private FeatureIndex(int features, int rows, IReadOnlyList<string> labels, int sampledRows, Func<string, int[]> numbers, Func<string, float[]> values)
    {
        (Features, Rows, this.labels, this.sampledRows) = (features, rows, labels, sampledRows);
        (counts, negative, exponents, histogram) = (numbers("count"), numbers("negative"), numbers("exponent"), numbers("histogram"));
        (topRows, topValues, rangeRows, rangeValues) = (numbers("top_rows"), values("top_values"), numbers("range_rows"), values("range_values"));
        (labelCounts, labelTotals, magnitudes) = (numbers("label_counts"), numbers("label_totals"), values("mean_magnitude"));
        (sampledCounts, together, both) = (numbers("sampled_count"), numbers("together"), numbers("together_count"));
        (neighbours, cosines) = (numbers("neighbours"), values("neighbour_cosines"));
    }

    /// <summary>d.</summary>
    public int Features { get; }

    /// <summary>N, the rows that were encoded.</summary>
    public int Rows { get; }

    /// <summary>The labels of the rows; none where they have none.</summary>
    public IReadOnlyList<string> Labels => labels;

    /// <summary>What is known of a feature.</summary>
    /// <param name="feature">Its number, in [0, <see cref="Features"/>).</param>
    public FeatureView this[int feature]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)feature, (uint)Features, nameof(feature));
            return new(feature, counts[feature], Rate(feature))
            {
                MeanMagnitude = magnitudes[feature],
                Negative = counts[feature] == 0 ? 0 : (double)negative[feature] / counts[feature],
                Histogram = HistogramOf(feature),
                Top = [.. Values(topRows, topValues, feature, topRows.Length / Features)],
                Range = [.. Values(rangeRows, rangeValues, feature, ValueRange.Bins)],
                Nearest = Neighbours(feature, 0),
                Opposed = Neighbours(feature, 1),
                Together = TogetherWith(feature),
                Labels = [.. Enumerable.Range(0, labels.Count).Where(label => LabelCount(feature, label) > 0).Select(label => LabelOf(feature, label)).OrderByDescending(label => label.Share * Math.Log(label.Lift)).ThenBy(label => label.Name, StringComparer.Ordinal)],
            };
        }
    }

    /// <summary>The share of rows in which a feature is active.</summary>
    /// <param name="feature">The feature.</param>
    public double Rate(int feature) => (double)counts[feature] / Rows;

    /// <summary>The features that are active in the most rows first.</summary>
    public IEnumerable<int> ByRate() => Enumerable.Range(0, Features).OrderByDescending(feature => counts[feature]).ThenBy(feature => feature);

    /// <summary>
    /// The features that say most about a label first: by the correlation of being active with having the label. Features that go with the label less than by chance are left out.
    /// </summary>
    /// <param name="label">The label.</param>
    /// <exception cref="InvalidInputException">No row has that label.</exception>
    public IEnumerable<int> ByLabel(string label)
    {
        int number = RowLabels.NumberOf(label, labels);
        return Enumerable.Range(0, Features).Select(feature => (feature, likeness: Correlation(feature, number))).Where(entry => entry.likeness > 0).OrderByDescending(entry => entry.likeness).ThenBy(entry => entry.feature).Select(entry => entry.feature);
    }

    /// <summary>Makes the index of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="samples">The rows, preprocessed.</param>
    /// <param name="labels">Their labels; null if they have none.</param>
    /// <param name="progress">Told after each block of rows.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <exception cref="InvalidInputException">A row cannot be read or encoded.</exception>
    public static FeatureIndex Make(SparseCodingModel model, ISampleSet samples, RowLabels? labels, IProgress<IndexProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        int features = model.Atoms, threads = Math.Max(1, model.Experiment.Compute.Threads);
        var tally = new FeatureTally(features, Math.Min(KeptRows, samples.Count), labels);
        var together = new CoActivation(features);
        int[] active = new int[features];
        progress?.Report(new(0, samples.Count));
        new CodeInference(model, AnnealedWeights.Evaluation).Stream(new(), samples, (firstRow, codes) =>
        {
            int rows = codes.Length / features;
            for (int row = 0; row < rows; row++)
            {
                var code = codes.Slice(row * features, features);
                var found = active.AsSpan(0, Active(code, active));
                tally.Add(firstRow + row, found, code);
                together.Add(firstRow + row, found);
            }
            progress?.Report(new(firstRow + rows, samples.Count));
        }, cancellationToken);
        tally.SortTop();
        cancellationToken.ThrowIfCancellationRequested();
        int kept = Math.Min(KeptNeighbours, features - 1);
        var (others, both) = together.Strongest(kept, threads);
        var (neighbours, cosines) = model.HasDictionary ? AtomNeighbours.Find(model.Dictionary(), features, kept, threads) : ([], []);
        var numbers = new Dictionary<string, int[]>
        {
            ["count"] = tally.Counts,
            ["negative"] = tally.Negative,
            ["exponent"] = tally.Exponents,
            ["histogram"] = tally.Histogram,
            ["top_rows"] = tally.TopRows,
            ["range_rows"] = tally.RangeRows,
            ["label_counts"] = tally.LabelCounts,
            ["label_totals"] = tally.LabelTotals,
            ["sampled_count"] = together.Counts(),
            ["together"] = others,
            ["together_count"] = both,
            ["neighbours"] = neighbours,
        };
        var values = new Dictionary<string, float[]>
        {
            ["mean_magnitude"] = tally.MeanMagnitudes(),
            ["top_values"] = tally.TopValues,
            ["range_values"] = tally.RangeValues,
            ["neighbour_cosines"] = cosines,
        };
        return new(features, samples.Count, labels?.Names ?? [], together.Rows, name => numbers[name], name => values[name]);
    }

    /// <summary>Writes the index whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hash">What it is the index of.</param>
    /// <exception cref="InvalidInputException">It cannot be written there.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Save(string path, string hash)
    {
        StoredTensor[] tensors =
        [
            Numbers("count", counts), Numbers("negative", negative), Numbers("exponent", exponents), Numbers("histogram", histogram), Numbers("top_rows", topRows), Numbers("range_rows", rangeRows),
            Numbers("label_counts", labelCounts), Numbers("label_totals", labelTotals), Numbers("sampled_count", sampledCounts), Numbers("together", together), Numbers("together_count", both), Numbers("neighbours", neighbours),
            Values("mean_magnitude", magnitudes), Values("top_values", topValues), Values("range_values", rangeValues), Values("neighbour_cosines", cosines),
        ];
        Safetensors.Write(path, tensors, new Dictionary<string, string>
        {
            [FormatKey] = Format,
            [HashKey] = hash,
            [RowsKey] = Rows.ToString(CultureInfo.InvariantCulture),
            [SampledKey] = sampledRows.ToString(CultureInfo.InvariantCulture),
            [LabelsKey] = new JsonArray([.. labels.Select(label => (JsonNode)label)]).ToJsonString(),
        });

        // What belongs to a feature is a row.
        long[] Shape(string name, int length) => name is "label_totals" || length == 0 ? [length] : length == Features ? [Features] : [Features, length / Features];

        StoredTensor Numbers(string name, int[] numbers) => new(name, SafetensorsType.I32, Shape(name, numbers.Length), MemoryMarshal.AsBytes<int>(numbers).ToArray());

        StoredTensor Values(string name, float[] values) => StoredTensor.Of(name, values, Shape(name, values.Length));
    }

    /// <summary>Reads an index.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hash">What it is to be the index of.</param>
    /// <returns>The index; null if there is none, it is damaged, or it is that of something else.</returns>
    public static FeatureIndex? Read(string path, string hash)
    {
        if (!File.Exists(path)) return null;
        try
        {
            var known = Safetensors.ReadMetadata(path);
            if (known.GetValueOrDefault(FormatKey) != Format || known.GetValueOrDefault(HashKey) != hash) return null;
            var file = Safetensors.Read(path);
            return file.HasChecksum ? Parse(file) : null;
        }
        catch (Exception failure) when (failure is InvalidInputException or FormatException or JsonException or KeyNotFoundException or InvalidOperationException or OverflowException)
        {
            // It is made anew.
            return null;
        }
    }

    private static FeatureIndex Parse(SafetensorsFile file)
    {
        int Number(string key) => int.Parse(file.Metadata[key], NumberStyles.None, CultureInfo.InvariantCulture);
        using var names = JsonDocument.Parse(file.Metadata[LabelsKey]);
        string[] labels = [.. names.RootElement.EnumerateArray().Select(name => name.GetString()!)];
        var tensors = file.Tensors;
        return new((int)tensors["count"].Shape[0], Number(RowsKey), labels, Number(SampledKey), name => MemoryMarshal.Cast<byte, int>(tensors[name].Read()).ToArray(), name => tensors[name].Floats.ToArray());
    }

    private static int Active(ReadOnlySpan<float> code, int[] active)
    {
        int count = 0;
        for (int place = 0; ; place++)
        {
            int next = code[place..].IndexOfAnyExcept(0f);
            if (next < 0) return count;
            active[count++] = place += next;
            if (place + 1 == code.Length) return count;
        }
    }

    private static IEnumerable<FeatureValue> Values(int[] rows, float[] values, int feature, int length)
    {
        for (int place = feature * length; place < (feature + 1) * length; place++)
            if (values[place] != 0) yield return new(rows[place], values[place]);
    }

    private List<ValueBin> HistogramOf(int feature)
    {
        List<ValueBin> bins = [];
        int exponent = exponents[feature];
        for (int bin = ValueRange.Bins - 1; bin >= 0; bin--) Add(1, bin, -ValueRange.Begin(bin + 1, exponent), -ValueRange.Begin(bin, exponent));
        for (int bin = 0; bin < ValueRange.Bins; bin++) Add(0, bin, ValueRange.Begin(bin, exponent), ValueRange.Begin(bin + 1, exponent));
        while (bins.Count > 0 && bins[^1].Count == 0) bins.RemoveAt(bins.Count - 1);
        return bins;

        void Add(int side, int bin, double from, double to)
        {
            int count = histogram[(2 * feature + side) * ValueRange.Bins + bin];
            if (count > 0 || bins.Count > 0) bins.Add(new(from, to, count));
        }
    }

    private List<AtomNeighbour> Neighbours(int feature, int side)
    {
        int kept = neighbours.Length / (2 * Features);
        return [.. Enumerable.Range((2 * feature + side) * kept, kept).Select(place => new AtomNeighbour(neighbours[place], cosines[place]))];
    }

    private List<CoActiveFeature> TogetherWith(int feature)
    {
        int kept = together.Length / Features;
        return [.. Enumerable.Range(feature * kept, kept).Where(place => together[place] >= 0).Select(place =>
        {
            double share = (double)both[place] / sampledCounts[feature];
            return new CoActiveFeature(together[place], share, share * sampledRows / sampledCounts[together[place]]);
        })];
    }

    private int LabelCount(int feature, int label) => labelCounts[feature * labels.Count + label];

    private FeatureLabel LabelOf(int feature, int label)
    {
        int count = LabelCount(feature, label);
        double share = (double)count / counts[feature];
        return new(labels[label], count, share, share * Rows / labelTotals[label]);
    }

    private double Correlation(int feature, int label)
    {
        double active = Rate(feature), has = (double)labelTotals[label] / Rows, variance = active * (1 - active) * has * (1 - has);
        return variance > 0 ? ((double)LabelCount(feature, label) / Rows - active * has) / Math.Sqrt(variance) : 0;
    }
}
