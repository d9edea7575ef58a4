using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Synthetic;

namespace VariationalSparseCoding.Tests.Synthetic;

public class FeatureTruthTests
{
    private const int Rows = 20_000;

    private static readonly FeatureOptions Small = new() { Dimension = 32, Features = 170, FeaturesPerTree = 85, LeastProbability = 0.01, Noise = 0 };

    private static bool[][] Active(FeatureTruth truth, FeatureOptions options)
    {
        var codes = truth.Rows(0, Rows).Codes;
        float[] line = new float[options.Features];
        bool[][] active = new bool[Rows][];
        for (int row = 0; row < Rows; row++)
        {
            codes.CopyRow(row, line);
            active[row] = Array.ConvertAll(line, value => value > 0);
        }
        return active;
    }

    /// <summary>No d unit vectors have a smaller mean squared cosine than (d - D) / (D (d - 1)) (Welch, 1974).</summary>
    [Theory]
    [InlineData(96, 1024)]
    [InlineData(32, 48)]
    [InlineData(8, 400)]
    public void Directions_are_turned_away_from_each_other_as_far_as_they_go(int dimension, int features)
    {
        float[] dictionary = new FeatureTruth(new() { Dimension = dimension, Features = features, FeaturesPerTree = features }, 0).Dictionary();
        double squares = 0;
        for (int first = 0; first < features; first++)
        {
            for (int second = 0; second < first; second++)
            {
                double cosine = 0;
                for (int i = 0; i < dimension; i++) cosine += (double)dictionary[i * features + first] * dictionary[i * features + second];
                squares += cosine * cosine;
            }
        }
        double least = (features - dimension) / (dimension * (features - 1.0));
        Assert.InRange(squares / (features * (features - 1) / 2), least * 0.999, least * 1.02);
    }

    [Fact]
    public void Samples_are_the_features_times_the_codes_and_what_all_have_in_common()
    {
        var options = Small with { Scale = 3 };
        var truth = new FeatureTruth(options, 1);
        var (samples, codes) = truth.Rows(5, 50);
        float[] dictionary = truth.Dictionary(), line = new float[options.Features];
        for (int row = 0; row < 50; row++)
        {
            codes.CopyRow(row, line);
            for (int i = 0; i < options.Dimension; i++)
            {
                double expected = truth.Bias[i];
                for (int feature = 0; feature < line.Length; feature++) expected += (double)line[feature] * dictionary[i * line.Length + feature];
                Assert.Equal(3 * expected, samples[row * options.Dimension + i], 1e-4);
            }
        }
        Assert.All(DictionaryStatistics.Norms<float>(dictionary, options.Features), norm => Assert.Equal(1, norm, 1e-5));
    }

    [Fact]
    public void A_row_is_a_function_of_seed_and_number()
    {
        var truth = new FeatureTruth(Small with { Noise = 0.1 }, 7);
        float[] all = truth.Rows(0, 20).Samples, part = truth.Rows(12, 5).Samples;
        Assert.Equal(all.AsSpan(12 * 32, 5 * 32).ToArray(), part);
        Assert.Equal(all, new FeatureTruth(Small with { Noise = 0.1 }, 7).Rows(0, 20).Samples);
        Assert.NotEqual(all, new FeatureTruth(Small with { Noise = 0.1 }, 8).Rows(0, 20).Samples);
    }

    [Fact]
    public void Features_fire_as_often_as_said_children_only_with_their_parents_and_never_with_siblings()
    {
        var truth = new FeatureTruth(Small, 2);
        bool[][] active = Active(truth, Small);
        Assert.Contains(truth.Parents, parent => parent < 0);
        Assert.Contains(truth.Parents, parent => parent >= 0);
        for (int feature = 0; feature < Small.Features; feature++)
        {
            double expected = truth.Probabilities[feature], rate = active.Count(row => row[feature]) / (double)Rows;
            Assert.InRange(rate - expected, -5 * Math.Sqrt(expected / Rows), 5 * Math.Sqrt(expected / Rows));
        }
        foreach (bool[] row in active)
            for (int feature = 0; feature < row.Length; feature++)
            {
                if (!row[feature] || truth.Parents[feature] < 0) continue;
                Assert.True(row[truth.Parents[feature]]);
                for (int sibling = 0; sibling < row.Length; sibling++)
                    Assert.False(sibling != feature && row[sibling] && truth.Parents[sibling] == truth.Parents[feature]);
            }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(25)]
    public void As_many_are_active_on_average_as_is_asked_for(double wanted)
    {
        var options = Small with { ExpectedActive = wanted };
        var truth = new FeatureTruth(options, 3);
        Assert.Equal(wanted, truth.Probabilities.Sum(), 1e-9);
        Assert.Equal(wanted, truth.Rows(0, Rows).Codes.Values.Length / (double)Rows, 0.03 * wanted);
    }

    [Fact]
    public void Hidden_factors_make_features_fire_together()
    {
        var alone = Small with { Depth = 0, CorrelationScale = 0, ExpectedActive = 20 };
        Assert.True(Spread(alone with { CorrelationScale = 0.8, CorrelationRank = 1 }) > 3 * Spread(alone));

        // The variance of the number of active features.
        static double Spread(FeatureOptions options)
        {
            var starts = new FeatureTruth(options, 4).Rows(0, Rows).Codes.RowStarts;
            double[] counts = [.. Enumerable.Range(0, Rows).Select(row => (double)(starts[row + 1] - starts[row]))];
            double mean = counts.Average();
            return counts.Average(count => (count - mean) * (count - mean));
        }
    }

    [Fact]
    public void Values_have_their_means_and_deviation()
    {
        var options = Small with { Depth = 0, MagnitudeDeviation = 0.5 };
        var codes = new FeatureTruth(options, 5).Rows(0, Rows).Codes;
        double[] first = [.. codes.Values.Where((_, i) => codes.ColumnIndices[i] == 0).Select(value => (double)value)];
        Assert.Equal(5, first.Average(), 0.05);
        Assert.Equal(0.5, Math.Sqrt(first.Average(value => (value - first.Average()) * (value - first.Average()))), 0.03);
    }

    [Fact]
    public void Directions_are_turned_away_from_each_other()
    {
        Assert.True(MeanSquaredCosine(Small) < 0.9 * MeanSquaredCosine(Small with { OrthogonalisationSteps = 0 }));

        static double MeanSquaredCosine(FeatureOptions options)
        {
            float[] dictionary = new FeatureTruth(options, 6).Dictionary();
            return DictionaryStatistics.Cosines<float>(dictionary, dictionary, options.Features, options.Features).Average(cosine => cosine * cosine);
        }
    }

    [Fact]
    public void Options_out_of_range_are_named_all_at_once()
    {
        var error = Assert.Throws<InvalidInputException>(() => new FeatureTruth(new() { Dimension = 0, GreatestProbability = 1, CorrelationScale = 1, Scale = 0, ExpectedActive = 600, Noise = double.NaN }, 0));
        Assert.All(new[] { "Dimension", "GreatestProbability", "CorrelationScale", "Scale", "ExpectedActive", "Noise" }, name => Assert.Contains(name + ": must be", error.Message, StringComparison.Ordinal));
    }
}
