using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Tests.MapInference;
using static VariationalSparseCoding.Tests.Metrics.Samples;

namespace VariationalSparseCoding.Tests.Metrics;

public class ImportanceWeightingTests
{
    [Fact]
    public void Bound_matches_the_reference_numbers()
    {
        foreach (var item in Fixtures.Read("equations_misc.json").GetProperty("iwae").EnumerateArray())
        {
            double[] logWeights = item.GetProperty("log_weights").Numbers();
            Assert.Equal(item.GetProperty("iwae_bound").GetDouble(), ImportanceWeighting.Bound<double>(logWeights, logWeights.Length).Single(), 1e-9);
        }
    }

    [Fact]
    public void Bound_is_the_log_of_the_mean_weight_and_moves_with_a_constant()
    {
        double[] weights = [0.2, 1.5, 3, 0.01, 0.4, 2];
        double[] expected = [Math.Log((0.2 + 1.5 + 3) / 3), Math.Log((0.01 + 0.4 + 2) / 3)];
        AssertClose(expected, ImportanceWeighting.Bound<double>(Array.ConvertAll(weights, Math.Log), 3), 1e-14);
        double[] shifted = Array.ConvertAll(weights, weight => Math.Log(weight) - 5000);
        AssertClose(Array.ConvertAll(expected, value => value - 5000), ImportanceWeighting.Bound<double>(shifted, 3), 1e-10);
        AssertClose([-2, 7], ImportanceWeighting.Bound<float>([-2, 7], 1), 0);
    }

    [Fact]
    public void Impossible_samples_count_as_weight_zero()
    {
        Assert.Equal(-Math.Log(2), ImportanceWeighting.Bound<double>([double.NegativeInfinity, 0], 2)[0], 1e-15);
        Assert.Equal(double.NegativeInfinity, ImportanceWeighting.Bound<double>([double.NegativeInfinity, double.NegativeInfinity], 2)[0]);
        Assert.Equal(3, ImportanceWeighting.SoftmaxWeightedLoss<double>([double.PositiveInfinity, 3], 2)[0]);
        Assert.Equal(double.PositiveInfinity, ImportanceWeighting.SoftmaxWeightedLoss<double>([double.PositiveInfinity, double.PositiveInfinity], 2)[0]);
    }

    [Fact]
    public void Softmax_weighted_loss_by_hand_and_moving_with_a_constant()
    {
        double[] losses = [0.3, 1.1, 2, 4, 4, 4];
        double weights = Math.Exp(-0.3) + Math.Exp(-1.1) + Math.Exp(-2);
        double expected = (0.3 * Math.Exp(-0.3) + 1.1 * Math.Exp(-1.1) + 2 * Math.Exp(-2)) / weights;
        AssertClose([expected, 4], ImportanceWeighting.SoftmaxWeightedLoss<double>(losses, 3), 1e-14);
        AssertClose([expected + 1e4, 4 + 1e4], ImportanceWeighting.SoftmaxWeightedLoss<double>(Array.ConvertAll(losses, loss => loss + 1e4), 3), 1e-10);
    }

    [Fact]
    public void Softmax_weighted_loss_lies_between_the_least_and_the_mean_loss()
    {
        double[] losses = Uniforms(200, 1);
        Assert.InRange(ImportanceWeighting.SoftmaxWeightedLoss<double>(losses, 200).Single(), losses.Min(), losses.Average());
    }
}
