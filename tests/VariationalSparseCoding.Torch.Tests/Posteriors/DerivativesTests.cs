using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Torch.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Posteriors;

public class DerivativesTests
{
    private static readonly AnnealedWeights Annealed = new(0.7, 0.8);

    [Theory]
    [InlineData("gaussian", GradientEstimator.StraightThrough)]
    [InlineData("laplacian", GradientEstimator.StraightThrough)]
    [InlineData("spike-and-slab", GradientEstimator.GumbelSoftmax)]
    public void Samplers_without_jumps_have_their_true_derivatives(string method, GradientEstimator estimator)
    {
        using var scope = NewDisposeScope();
        var options = Families.Options(method) with { Estimator = estimator };
        var posterior = Posterior.Create(options);
        var heads = Families.RandomHeads(posterior);
        var noise = Families.Noise(options, heads, 6);
        var derivatives = posterior.Derivatives(heads, noise, Annealed);
        foreach (var head in posterior.Heads)
            TensorAssert.Close(heads.Difference(head, moved => posterior.Sample(moved, noise, Annealed)).Values(), derivatives[head], 1e-7, head.ToString());
    }

    [Theory]
    [InlineData("thresholded-gaussian")]
    [InlineData("thresholded-laplacian")]
    [InlineData("thresholded-gaussian-gamma")]
    [InlineData("thresholded-laplacian-gamma")]
    public void Subgradients_are_the_true_derivatives_within_regions(string method)
    {
        using var scope = NewDisposeScope();
        var options = Families.Options(method) with { Estimator = GradientEstimator.Subgradient };
        var posterior = Posterior.Create(options);
        var heads = Families.RandomHeads(posterior);
        var noise = Families.Noise(options, heads, 6);
        var active = posterior.Sample(heads, noise, Annealed).ne(0);
        Assert.InRange(active.to(ScalarType.Float64).mean().item<double>(), 0.05, 0.95);
        var derivatives = posterior.Derivatives(heads, noise, Annealed);
        foreach (var head in posterior.Heads)
            AssertWithinRegions(heads, head, moved => posterior.Sample(moved, AtEqualProbability(noise, heads, moved), Annealed), derivatives[head]);
    }

    /// <summary>Elements that are active at one end only of the difference are left out; they are few.</summary>
    private static void AssertWithinRegions(HeadTensors heads, Head head, Func<HeadTensors, Tensor> sample, Tensor derivative)
    {
        const double step = 1e-5;
        var (before, after) = (sample(heads.With(head, heads[head] - step)), sample(heads.With(head, heads[head] + step)));
        var within = before.ne(0).eq(after.ne(0));
        Assert.InRange((~within).sum().item<long>(), 0, 3);
        TensorAssert.Close(((after - before) / (2 * step))[within].Values(), derivative[within], 1e-6, head.ToString());
    }

    /// <summary>Moves draws of Gamma(alpha, 1) with alpha so that their distribution function stays: Newton's steps on F(g) = p.</summary>
    private static PosteriorNoise AtEqualProbability(PosteriorNoise noise, HeadTensors heads, HeadTensors moved)
    {
        if (noise.Threshold is null) return noise;
        Tensor Shape(HeadTensors some) => some.LogShape!.exp().unsqueeze(1).expand_as(noise.Base);
        var probability = special.gammainc(Shape(heads), noise.Threshold.Standard);
        var (shape, draw) = (Shape(moved), noise.Threshold.Standard);
        for (int iteration = 0; iteration < 4; iteration++)
        {
            var density = ((shape - 1) * draw.log() - draw - special.gammaln(shape)).exp();
            draw = draw - (special.gammainc(shape, draw) - probability) / density;
        }
        return noise with { Threshold = new(draw) };
    }

    [Theory]
    [InlineData("thresholded-gaussian")]
    [InlineData("thresholded-laplacian")]
    [InlineData("thresholded-gaussian-gamma")]
    [InlineData("thresholded-laplacian-gamma")]
    public void Straight_through_goes_round_the_threshold(string method)
    {
        using var scope = NewDisposeScope();
        var options = Families.Options(method);
        var posterior = Posterior.Create(options);
        var heads = Families.RandomHeads(posterior);
        var noise = Families.Noise(options, heads, 6);
        var derivatives = posterior.Derivatives(heads, noise, Annealed);
        Assert.All(derivatives.Shift.Values(), derivative => Assert.Equal(1, derivative));

        var plain = Posterior.Create(Families.Options(method.Contains("gaussian", StringComparison.Ordinal) ? "gaussian" : "laplacian"));
        Assert.Equal(plain.Derivatives(heads, noise, Annealed).Scale.Values(), derivatives.Scale.Values());

        var published = Posterior.Create(options with { ShiftGradient = ShiftGradient.OnePlusActive });
        var active = posterior.Sample(heads, noise, Annealed).ne(0).to(ScalarType.Float64);
        Assert.Equal((1 + active).Values(), published.Derivatives(heads, noise, Annealed).Shift.Values());
    }

    [Fact]
    public void Straight_through_spikes_are_differentiated_as_relaxed_ones()
    {
        using var scope = NewDisposeScope();
        var options = Families.Options("spike-and-slab");
        Posterior posterior = Posterior.Create(options), relaxed = Posterior.Create(options with { Estimator = GradientEstimator.GumbelSoftmax });
        var heads = Families.RandomHeads(posterior);
        var noise = Families.Noise(options, heads, 6);
        var derivatives = posterior.Derivatives(heads, noise, Annealed);
        TensorAssert.Close(heads.Difference(Head.Spike, moved => relaxed.Sample(moved, noise, Annealed)).Values(), derivatives.Spike!, 1e-7, "spike");
        foreach (var head in new[] { Head.Scale, Head.Shift })
            TensorAssert.Close(heads.Difference(head, moved => posterior.Sample(moved, noise, Annealed)).Values(), derivatives[head], 1e-7, head.ToString());
    }

    [Fact]
    public void The_published_spike_has_no_gradient_above_zero()
    {
        using var scope = NewDisposeScope();
        var options = Families.Options("spike-and-slab", Fidelity.Published);
        var posterior = Posterior.Create(options);
        var heads = Families.RandomHeads(posterior);
        var bySpike = posterior.Derivatives(heads, Families.Noise(options, heads, 6), Annealed).Spike!;
        Assert.Equal(heads.Spike!.lt(0).unsqueeze(1).expand_as(bySpike).Values(), bySpike.ne(0).Values());
    }

    // docs/mathematics.md section 9, row 6: the published subgradient estimator of the Laplacian applies the scale twice, and no warm-up.
    [Fact]
    public void The_published_subgradient_of_the_laplacian_squares_the_scale()
    {
        using var scope = NewDisposeScope();
        var options = Families.Options("thresholded-laplacian", Fidelity.Published) with { Estimator = GradientEstimator.Subgradient, ThresholdValue = 0.2 };
        var posterior = Posterior.Create(options);
        HeadTensors heads = new(tensor(new[,] { { Math.Log(0.5), Math.Log(0.5), Math.Log(0.5) } }), tensor(new[,] { { 0.3, 0.3, 0.3 } }));
        var noise = new PosteriorNoise(tensor(new[, ,] { { { 2.0, -2.0, 0.7 } } }));
        // b^2 |r| is 0.5, 0.5 and 0.175.
        TensorAssert.Close([0.6, 0, 0], posterior.Sample(heads, noise, Annealed), 1e-15, "codes");
        var derivatives = posterior.Derivatives(heads, noise, Annealed);
        TensorAssert.Close([1, 1, 0], derivatives.Shift, 1e-15, "shift");
        TensorAssert.Close([1, -1, 0], derivatives.Scale, 1e-15, "scale");
    }

    [Fact]
    public void Clamped_shapes_and_rates_have_no_gradient()
    {
        using var scope = NewDisposeScope();
        var options = Families.Options("thresholded-laplacian-gamma") with { Estimator = GradientEstimator.Subgradient };
        var posterior = Posterior.Create(options);
        foreach (var (head, clamped) in new[] { (Head.LogShape, 20.0), (Head.LogShape, -20.0), (Head.LogRate, 20.0), (Head.LogRate, -20.0) })
        {
            var heads = Families.EqualHeads(posterior, which => which == head ? clamped : 0, features: 20);
            var derivatives = posterior.Derivatives(heads, Families.Noise(options, heads, 5), AnnealedWeights.Evaluation);
            Assert.All(derivatives[head].Values(), derivative => Assert.Equal(0, derivative));
        }
    }

    [Theory]
    [MemberData(nameof(Families.Variational), MemberType = typeof(Families))]
    public void Differentiable_samples_have_the_samples_values_and_the_derivatives(string method)
    {
        using var scope = NewDisposeScope();
        var options = Families.Options(method);
        var posterior = Posterior.Create(options);
        var heads = Families.RandomHeads(posterior).Map(head => head.requires_grad_());
        var noise = Families.Noise(options, heads, 3);
        var codes = posterior.Differentiable(heads, noise, Annealed);
        Assert.Equal(posterior.Sample(heads, noise, Annealed).Values(), codes.Values());
        var upstream = codes.detach().cos() + 1;
        var derivatives = posterior.Derivatives(heads, noise, Annealed);
        foreach (var head in posterior.Heads)
        {
            var gradient = autograd.grad([(codes * upstream).sum()], [heads[head]], retain_graph: true)[0];
            TensorAssert.Close((derivatives[head] * upstream).sum(1).Values(), gradient, 1e-12, head.ToString());
        }
    }
}
