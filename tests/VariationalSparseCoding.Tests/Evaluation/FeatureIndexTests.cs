using VariationalSparseCoding.Data;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Tests.Serialization;

namespace VariationalSparseCoding.Tests.Evaluation;

/// <summary>An index against plain counting over all codes.</summary>
public sealed class FeatureIndexTests : IDisposable
{
    private const int D = 7, Features = 24, N = 600;

    private static readonly string[] names = ["round", "square", "flat"];

    private readonly ScratchFolder scratch = new();
    private readonly SparseCodingModel model;
    private readonly MemorySet samples;
    private readonly RowLabels labels;
    private readonly FeatureIndex index;
    private readonly float[] codes;

    public FeatureIndexTests()
    {
        var defaults = MethodTable.Find("topk")!.Defaults();
        var autoencoder = new AutoencoderModel(defaults with { Generator = defaults.Generator with { Atoms = Features }, Sparsity = defaults.Sparsity with { Active = 3 }, Compute = new() { Threads = 2 } }, Preprocessing.OfVectors(D));
        autoencoder.Initialise();
        model = autoencoder;
        samples = new(SmallModels.Samples(N, D), model.Preprocessing);
        labels = RowLabels.Of([[.. Enumerable.Range(0, N).Select(LabelOf)]], "labels");
        index = FeatureIndex.Make(model, samples, labels);
        codes = new float[N * Features];
        new CodeInference(model, AnnealedWeights.Evaluation).Stream(new(), samples, (first, block) => block.CopyTo(codes.AsSpan(first * Features)));
    }

    public void Dispose()
    {
        model.Dispose();
        scratch.Dispose();
    }

    [Fact]
    public void Rates_values_and_rows_are_those_of_the_codes()
    {
        Assert.Equal((Features, N), (index.Features, index.Rows));
        for (int feature = 0; feature < Features; feature++)
        {
            var view = index[feature];
            var active = Active(feature);
            Assert.Equal(active.Count, view.Count);
            Assert.Equal((double)active.Count / N, view.Rate);
            Assert.Equal(active.OrderByDescending(value => Math.Abs(value.Value)).ThenBy(value => value.Row).Take(FeatureIndex.KeptRows), view.Top);
            if (active.Count == 0) continue;
            Assert.Equal(active.Average(value => Math.Abs(value.Value)), view.MeanMagnitude, 1e-5);
            Assert.Equal((double)active.Count(value => value.Value < 0) / active.Count, view.Negative);
            Assert.All(view.Range, value => Assert.Contains(value, active));
            Assert.Equal(view.Range.Select(value => Math.Abs(value.Value)).Order(), view.Range.Select(value => Math.Abs(value.Value)));
        }
    }

    [Fact]
    public void Histograms_hold_every_value_and_reach_from_the_least_to_the_greatest()
    {
        for (int feature = 0; feature < Features; feature++)
        {
            var active = Active(feature);
            var bins = index[feature].Histogram;
            Assert.Equal(active.Count, bins.Sum(bin => bin.Count));
            foreach (var bin in bins) Assert.Equal(active.Count(value => value.Value >= 0 ? value.Value >= bin.From && value.Value < bin.To && bin.From >= 0 : value.Value > bin.From && value.Value <= bin.To && bin.To <= 0), bin.Count);
            if (bins.Count > 0) Assert.True(bins[0].Count > 0 && bins[^1].Count > 0);
        }
    }

    [Fact]
    public void Labels_have_their_share_and_lift()
    {
        Assert.Equal(names.Order(), index.Labels.Order());
        for (int feature = 0; feature < Features; feature++)
        {
            var active = Active(feature);
            var view = index[feature];
            foreach (var label in view.Labels)
            {
                Assert.Equal(active.Count(value => LabelOf(value.Row) == label.Name), label.Count);
                Assert.Equal((double)label.Count / active.Count, label.Share, 1e-12);
                Assert.Equal(label.Share / ((double)Enumerable.Range(0, N).Count(row => LabelOf(row) == label.Name) / N), label.Lift, 1e-12);
            }
            Assert.Equal(active.Count, view.Labels.Sum(label => label.Count));
        }
        int best = index.ByLabel("flat").First();
        Assert.True(index[best].Labels.Single(label => label.Name == "flat").Lift > 1);
        Assert.Contains("round", Assert.Throws<InvalidInputException>(() => index.ByLabel("oval")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_active_together_and_neighbours_are_the_strongest_of_all_pairs()
    {
        float[] dictionary = model.Dictionary();
        for (int feature = 0; feature < Features; feature++)
        {
            var view = index[feature];
            var rows = Active(feature).Select(value => value.Row).ToHashSet();
            double Likeness(int other) => Active(other).Select(value => value.Row).ToHashSet() is var others && rows.Count + others.Count == 0 ? 0 : (double)rows.Count(others.Contains) / rows.Union(others).Count();
            foreach (var other in view.Together)
            {
                double share = (double)Active(other.Feature).Count(value => rows.Contains(value.Row)) / rows.Count;
                Assert.Equal(share, other.Share, 1e-12);
                Assert.Equal(share / index.Rate(other.Feature), other.Lift, 1e-9);
            }
            double[] expected = [.. Enumerable.Range(0, Features).Where(other => other != feature).Select(Likeness).Where(likeness => likeness > 0).OrderDescending().Take(FeatureIndex.KeptNeighbours)];
            Assert.Equal(expected, view.Together.Select(other => Likeness(other.Feature)));
            double[] cosines = [.. Enumerable.Range(0, Features).Where(other => other != feature).Select(other => Cosine(dictionary, feature, other)).Order()];
            Assert.Equal(cosines.Reverse().Take(FeatureIndex.KeptNeighbours), view.Nearest.Select(other => other.Cosine), (one, other) => Math.Abs(one - other) < 1e-5);
            Assert.Equal(cosines.Take(FeatureIndex.KeptNeighbours), view.Opposed.Select(other => other.Cosine), (one, other) => Math.Abs(one - other) < 1e-5);
            Assert.All(view.Nearest.Concat(view.Opposed), other => Assert.Equal(Cosine(dictionary, feature, other.Feature), other.Cosine, 1e-5));
        }
    }

    [Fact]
    public void An_index_is_kept_in_a_file_and_made_anew_where_that_does_not_fit()
    {
        string path = scratch.File("index.safetensors");
        index.Save(path, "hash");
        var read = FeatureIndex.Read(path, "hash")!;
        for (int feature = 0; feature < Features; feature++) Assert.Equivalent(index[feature], read[feature], strict: true);
        Assert.Equal(index.Labels, read.Labels);
        Assert.Null(FeatureIndex.Read(path, "another hash"));
        Assert.Null(FeatureIndex.Read(scratch.File("none"), "hash"));
        byte[] content = File.ReadAllBytes(path);
        content[^1] ^= 1;
        File.WriteAllBytes(path, content);
        Assert.Null(FeatureIndex.Read(path, "hash"));
        File.WriteAllText(path, "no index");
        Assert.Null(FeatureIndex.Read(path, "hash"));
    }

    [Fact]
    public void A_tally_does_not_depend_on_the_order_of_the_rows()
    {
        var random = new System.Random(3);
        // Magnitudes of many sizes, so that ranges grow.
        float[] values = [.. Enumerable.Range(0, 200).Select(_ => (random.NextSingle() - 0.5f) * MathF.Exp(8 * random.NextSingle()))];
        FeatureTally Of(IEnumerable<int> rows)
        {
            var tally = new FeatureTally(1, 5, null);
            foreach (int row in rows) tally.Add(row, [0], values.AsSpan(row, 1));
            tally.SortTop();
            return tally;
        }

        var (forwards, backwards) = (Of(Enumerable.Range(0, 200)), Of(Enumerable.Range(0, 200).Reverse()));
        Assert.Equal(forwards.Histogram, backwards.Histogram);
        Assert.Equal(forwards.RangeValues, backwards.RangeValues);
        Assert.Equal(forwards.TopRows, backwards.TopRows);
        Assert.Equal(200, forwards.Histogram.Sum());
        Assert.Equal(values.OrderByDescending(Math.Abs).Take(5), forwards.TopValues);
    }

    [Fact]
    public void Of_many_rows_some_are_kept_to_find_features_active_together()
    {
        var together = new CoActivation(4, mostEntries: 1000);
        for (int row = 0; row < 20_000; row++) together.Add(row, row % 4 == 0 ? [0, 1] : [2, 3]);
        Assert.InRange(together.Rows, 250, 500);
        var (features, both) = together.Strongest(3, threads: 1);
        int[] counts = together.Counts();
        Assert.Equal([1, -1, -1, 0, -1, -1, 3, -1, -1, 2, -1, -1], features);
        Assert.Equal([counts[0], counts[1], counts[2], counts[3]], both.Where((_, i) => i % 3 == 0));
        Assert.InRange((double)counts[0] / together.Rows, 0.17, 0.33);
    }

    private static string LabelOf(int row) => names[row * row % 7 % 3];

    private List<FeatureValue> Active(int feature) => [.. Enumerable.Range(0, N).Select(row => new FeatureValue(row, codes[row * Features + feature])).Where(value => value.Value != 0)];

    private static double Cosine(float[] dictionary, int first, int second)
    {
        double product = 0, one = 0, two = 0;
        for (int i = 0; i < D; i++)
        {
            double a = dictionary[i * Features + first], b = dictionary[i * Features + second];
            (product, one, two) = (product + a * b, one + a * a, two + b * b);
        }
        return product / Math.Sqrt(one * two);
    }
}
