using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Torch.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Posteriors;

public class GumbelRaoTests
{
    [Trait("Category", "Slow")]
    [Theory]
    [InlineData(-1.5, 0.5)]
    [InlineData(0.3, 1)]
    [InlineData(2, 0.2)]
    public void Its_gradient_has_the_mean_of_straight_through_and_less_variance(double spike, double temperature)
    {
        using var scope = NewDisposeScope();
        var options = Families.Options("spike-and-slab") with { Estimator = GradientEstimator.GumbelRao };
        Posterior rao = Posterior.Create(options), plain = Posterior.Create(options with { Estimator = GradientEstimator.StraightThrough });
        var heads = Families.EqualHeads(rao, head => head switch { Head.Shift => 1, Head.Scale => -3, _ => spike });
        var noise = Families.Noise(options, heads, 60);
        var anneal = new AnnealedWeights(1, temperature);
        Assert.Equal(plain.Sample(heads, noise, anneal).Values(), rao.Sample(heads, noise, anneal).Values());

        Tensor raoGradient = rao.Derivatives(heads, noise, anneal).Spike!, plainGradient = plain.Derivatives(heads, noise, anneal).Spike!;
        Statistics.AssertMean((raoGradient - plainGradient).Values(), 0);
        Assert.InRange((raoGradient.var() / plainGradient.var()).item<double>(), 0, 0.9);
    }

    [Fact]
    public void Its_gradient_is_the_mean_given_the_rounded_spike()
    {
        using var scope = NewDisposeScope();
        var options = Families.Options("spike-and-slab") with { Estimator = GradientEstimator.GumbelRao };
        Posterior rao = Posterior.Create(options), plain = Posterior.Create(options with { Estimator = GradientEstimator.StraightThrough });
        var heads = Families.EqualHeads(rao, head => head switch { Head.Shift => 1, Head.Scale => -8, _ => -0.4 });
        var noise = Families.Noise(options, heads, 60);
        var anneal = new AnnealedWeights(1, 0.5);
        var on = rao.Sample(heads, noise, anneal).ne(0);
        var difference = rao.Derivatives(heads, noise, anneal).Spike! - plain.Derivatives(heads, noise, anneal).Spike!;
        Statistics.AssertMean(difference[on].Values(), 0);
        Statistics.AssertMean(difference[~on].Values(), 0);
    }
}
