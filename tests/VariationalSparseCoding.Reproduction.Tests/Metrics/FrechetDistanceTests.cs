using VariationalSparseCoding.Reproduction.Metrics;
using VariationalSparseCoding.Tests;
using static TorchSharp.torch;
using static VariationalSparseCoding.Tests.Metrics.Samples;

namespace VariationalSparseCoding.Reproduction.Tests.Metrics;

public class FrechetDistanceTests
{
    [Fact]
    public void Matches_the_reference_number()
    {
        var fixture = Fixtures.Read("metrics.json");
        var first = fixture.GetProperty("features1");
        double[] second = fixture.GetProperty("features2").Numbers();
        Assert.Equal(fixture.GetProperty("frechet_distance").GetDouble(), FrechetDistance.Squared<double>(first.Numbers(), second, (int)first.Shape()[1]), 1e-9);
    }

    [Fact]
    public void Is_zero_between_a_set_and_itself_symmetric_and_moved_by_a_shift()
    {
        double[] first = Normals(50 * 4, 1), second = Array.ConvertAll(Normals(30 * 4, 2), value => 2 * value);
        Assert.Equal(0, FrechetDistance.Squared<double>(first, first, 4), 1e-12);
        Assert.Equal(FrechetDistance.Squared<double>(first, second, 4), FrechetDistance.Squared<double>(second, first, 4), 1e-12);
        Assert.Equal(4 * 9, FrechetDistance.Squared<double>(first, Array.ConvertAll(first, value => value + 3), 4), 1e-9);
    }

    [Fact]
    public void One_feature_has_the_closed_form_and_scaled_sets_too()
    {
        double[] first = [1, 2, 4, 5], second = [-3, 0, 1, 9, 13];
        Assert.Equal(Math.Pow(3 - 4, 2) + Math.Pow(Deviation(first) - Deviation(second), 2), FrechetDistance.Squared<double>(first, second, 1), 1e-12);
        // Sets that differ by the factor 3 about zero mean: (3 - 1)^2 tr S.
        double[] half = Normals(40 * 5, 3);
        double[] set = [.. half, .. half.Select(value => -value)];
        double trace = set.Sum(value => value * value) / 79;
        Assert.Equal(4 * trace, FrechetDistance.Squared<double>(set, Array.ConvertAll(set, value => 3 * value), 5), 1e-9);

        static double Deviation(double[] values) => Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1));
    }

    [Fact]
    public void Fewer_samples_than_features_are_exact()
    {
        double[] few = Normals(3 * 20, 4);
        Assert.Equal(0, FrechetDistance.Squared<double>(few, few, 20), 1e-10);
    }

    [Fact]
    public void Transposed_variant_agrees_with_the_covariance_over_samples()
    {
        const int count = 6, features = 9;
        double[] first = Normals(count * features, 5), second = Array.ConvertAll(Normals(count * features, 6), value => 1.5 * value + 0.3);
        using var scope = NewDisposeScope();
        Tensor x = tensor(first, count, features), y = tensor(second, count, features);
        Tensor covariance1 = Covariance(x), covariance2 = Covariance(y);
        // tr (S1 S2)^(1/2) from the eigenvalues of S1^(1/2) S2 S1^(1/2).
        var (values, vectors) = linalg.eigh(covariance1);
        Tensor root = (vectors * values.clamp_min(0).sqrt()).mm(vectors.t());
        double trace = linalg.eigvalsh(root.mm(covariance2).mm(root)).clamp_min(0).sqrt().sum().item<double>();
        double expected = (x.mean([0]) - y.mean([0])).square().sum().item<double>() + covariance1.trace().item<double>() + covariance2.trace().item<double>() - 2 * trace;
        Assert.Equal(expected, FrechetDistance.TransposedSquared<double>(first, second, features), 1e-9);

        static Tensor Covariance(Tensor rows)
        {
            Tensor centred = rows - rows.mean([1], keepdim: true);
            return centred.mm(centred.t()) / (features - 1);
        }
    }

    [Fact]
    public void Rank_deficient_sets_have_the_closed_form_of_their_subspace()
    {
        // Two features repeated 30 times: each direction of the subspace counts 30 times the distance of one feature.
        double[] first = Normals(100 * 2, 7), second = Array.ConvertAll(Normals(80 * 2, 8), value => 0.5 * value - 1);
        double[] Repeated(double[] set) => [.. set.Chunk(2).SelectMany(pair => Enumerable.Repeat(pair, 30).SelectMany(copy => copy))];
        double expected = 30 * FrechetDistance.Squared<double>(first, second, 2);
        Assert.Equal(expected, FrechetDistance.Squared<double>(Repeated(first), Repeated(second), 60), 1e-10 * expected);
        Assert.Equal(0, FrechetDistance.Squared<double>(Repeated(first), Repeated(first), 60), 1e-11);
    }

    [Fact]
    public void Independent_features_of_very_different_scales_add_up()
    {
        // Orthogonal columns have diagonal covariances, so the distance is the sum over features of squared differences of means and deviations.
        const int features = 12;
        double[] orthogonal = [.. Enumerable.Range(0, 16).SelectMany(row => Enumerable.Range(1, features).Select(column => double.IsEvenInteger(System.Numerics.BitOperations.PopCount((uint)(row & column))) ? 1.0 : -1.0))];
        double Scale(int feature) => Math.Pow(10, -feature);
        double[] first = [.. orthogonal.Select((value, i) => value * Scale(i % features))];
        double[] second = [.. orthogonal.Select((value, i) => (3 * value + 1) * Scale(i % features))];
        double expected = Enumerable.Range(0, features).Sum(feature => Math.Pow(Scale(feature), 2) * (1 + 4 * 16.0 / 15));
        Assert.Equal(expected, FrechetDistance.Squared<double>(first, second, features), 1e-13 * expected);
    }

    [Fact]
    public void Sets_of_different_sizes_below_the_number_of_features_keep_symmetry()
    {
        double[] first = Normals(5 * 40, 9), second = Normals(11 * 40, 10);
        double distance = FrechetDistance.Squared<double>(first, second, 40);
        Assert.InRange(distance, 1, 200);
        Assert.Equal(distance, FrechetDistance.Squared<double>(second, first, 40), 1e-11);
    }

    [Fact]
    public void Transposed_variant_of_a_set_with_itself_is_zero()
    {
        double[] features = Normals(7 * 20, 11);
        Assert.Equal(0, FrechetDistance.TransposedSquared<double>(features, features, 20), 1e-12);
    }

    [Fact]
    public void Sets_must_have_as_many_features() =>
        Assert.Contains("2 and 3 features", Assert.Throws<ArgumentException>(() => FrechetDistance.Squared(new FeatureMoments(2), new FeatureMoments(3))).Message);

    [Fact]
    public void A_single_sample_has_no_covariance() =>
        Assert.Throws<ArgumentException>(() => FrechetDistance.Squared<double>([1, 2], [1, 2, 3, 4], 2));
}
