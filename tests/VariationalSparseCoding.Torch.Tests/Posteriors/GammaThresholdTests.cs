using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Torch.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Posteriors;

public class GammaThresholdTests
{
    private static readonly Posterior Learned = Posterior.Create(Families.Options("thresholded-laplacian-gamma"));

    [Theory]
    [InlineData(-2, 0)]
    [InlineData(0.4, 1.5)]
    [InlineData(5, 4)]
    public void Mean_gradients_are_gradients_of_exact_means(double logShape, double logRate)
    {
        using var scope = NewDisposeScope();
        // E exp(-l) = (1 + 1/beta)^-alpha, and E l = alpha/beta.
        double shape = Math.Exp(logShape), rate = Math.Exp(logRate);
        var heads = Families.EqualHeads(Learned, head => head switch { Head.LogShape => logShape, Head.LogRate => logRate, _ => 0 });
        var draw = new GammaDraw(GammaThreshold.Draw(Families.Key, 0, heads, 200));
        var threshold = GammaThreshold.Sample(heads, draw);
        var (byLogShape, byLogRate) = GammaThreshold.Derivatives(heads, draw);
        Statistics.AssertMean(threshold.Values(), shape / rate);
        Statistics.AssertMean(byLogShape.Values(), shape / rate);
        double Expected(double logShape, double logRate) => Math.Exp(-Math.Exp(logShape) * double.LogP1(Math.Exp(-logRate)));
        var byThreshold = -(-threshold).exp();
        const double step = 1e-5;
        Statistics.AssertMean((byThreshold * byLogShape).Values(), (Expected(logShape + step, logRate) - Expected(logShape - step, logRate)) / (2 * step));
        Statistics.AssertMean((byThreshold * byLogRate).Values(), (Expected(logShape, logRate + step) - Expected(logShape, logRate - step)) / (2 * step));
    }

    [Fact]
    public void The_smallest_shapes_and_largest_rates_give_no_infinity_in_single_precision()
    {
        using var scope = NewDisposeScope();
        foreach (var (logShape, logRate) in new[] { (-14.0, 14.0), (-14.0, -14.0), (14.0, 14.0), (14.0, -14.0), (-200.0, 200.0) })
        {
            var heads = Families.EqualHeads(Learned, head => head switch { Head.LogShape => logShape, Head.LogRate => logRate, _ => 0 }).Map(head => head.to(ScalarType.Float32));
            var draw = new GammaDraw(GammaThreshold.Draw(Families.Key, 0, heads, 5));
            var (byLogShape, byLogRate) = GammaThreshold.Derivatives(heads, draw);
            foreach (var values in new[] { GammaThreshold.Sample(heads, draw), byLogShape, byLogRate })
            {
                Assert.Equal(ScalarType.Float32, values.dtype);
                Assert.True(values.isfinite().all().item<bool>());
            }
        }
    }
}
