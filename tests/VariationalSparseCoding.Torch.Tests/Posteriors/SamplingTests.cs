using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Torch.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Posteriors;

public class SamplingTests
{
    [Theory]
    [InlineData("thresholded-laplacian", 0.25)]
    [InlineData("thresholded-laplacian", 0.1)]
    [InlineData("thresholded-gaussian", 0.52)]
    [InlineData("thresholded-gaussian", 0.2)]
    public void The_prior_keeps_the_known_fraction_active(string method, double threshold)
    {
        using var scope = NewDisposeScope();
        var options = Families.Options(method) with { ThresholdValue = threshold };
        double expected = method == "thresholded-laplacian" ? Math.Exp(-threshold / 0.1) : SpecialFunctions.Erfc(threshold / Math.Sqrt(0.2));
        var (heads, codes) = AtPrior(options, samples: 200);
        Statistics.AssertFrequency(codes.count_nonzero().item<long>(), codes.numel(), expected);
        Assert.Equal(expected, Posterior.Create(options).ActivityProbability(heads)[0, 0].item<double>(), 1e-12);
    }

    [Fact]
    public void Active_thresholded_laplacian_codes_are_laplacian()
    {
        using var scope = NewDisposeScope();
        const double shift = 0.2, scale = 0.3;
        var codes = Active("thresholded-laplacian", shift, Math.Log(scale));
        Statistics.AssertDistribution(codes, z => z < shift ? 0.5 * Math.Exp((z - shift) / scale) : 1 - 0.5 * Math.Exp((shift - z) / scale));
    }

    [Fact]
    public void Active_thresholded_gaussian_codes_are_shifted_truncated_normal()
    {
        using var scope = NewDisposeScope();
        const double shift = -0.3, deviation = 0.5, threshold = 0.52;
        double Tail(double distance) => SpecialFunctions.Erfc((distance + threshold) / (deviation * Math.Sqrt(2))) / SpecialFunctions.Erfc(threshold / (deviation * Math.Sqrt(2)));
        var codes = Active("thresholded-gaussian", shift, 2 * Math.Log(deviation));
        Statistics.AssertDistribution(codes, z => z < shift ? 0.5 * Tail(shift - z) : 1 - 0.5 * Tail(z - shift));
    }

    /// <summary>100,000 codes that are not zero.</summary>
    private static double[] Active(string method, double shift, double logScale)
    {
        var options = Families.Options(method);
        var posterior = Posterior.Create(options);
        var heads = Families.EqualHeads(posterior, head => head == Head.Shift ? shift : logScale);
        var codes = posterior.Sample(heads, Families.Noise(options, heads, 400), AnnealedWeights.Evaluation);
        return codes[codes.ne(0)].Values()[..100_000];
    }

    [Theory]
    [InlineData(SpikeLogit.LogOdds, -2)]
    [InlineData(SpikeLogit.LogOdds, 0.7)]
    [InlineData(SpikeLogit.LogProbability, -2)]
    [InlineData(SpikeLogit.LogProbability, 0.7)]
    public void Spikes_are_as_frequent_as_their_head_says(SpikeLogit logit, double spike)
    {
        using var scope = NewDisposeScope();
        var options = Families.Options("spike-and-slab") with { SpikeLogit = logit };
        var posterior = Posterior.Create(options);
        var heads = Families.EqualHeads(posterior, head => head == Head.Spike ? spike : 0);
        var codes = posterior.Sample(heads, Families.Noise(options, heads, 200), AnnealedWeights.Evaluation);
        double published = Math.Exp(Math.Min(spike, 0));
        double expected = logit == SpikeLogit.LogOdds ? 1 / (1 + Math.Exp(-spike)) : published / (1 + published);
        Statistics.AssertFrequency(codes.count_nonzero().item<long>(), codes.numel(), expected);
        Assert.Equal(expected, posterior.ActivityProbability(heads)[0, 0].item<double>(), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Families.Variational), MemberType = typeof(Families))]
    public void Activity_mean_and_mode_agree_with_samples(string method)
    {
        using var scope = NewDisposeScope();
        var options = Families.Options(method);
        var posterior = Posterior.Create(options);
        var heads = Families.RandomHeads(posterior, rows: 2, features: 10, logScale: -1);
        var codes = posterior.Sample(heads, Families.Noise(options, heads, 40_000), AnnealedWeights.Evaluation);
        var (activity, mean, mode) = (posterior.ActivityProbability(heads), posterior.Mean(heads), posterior.Mode(heads));
        for (int row = 0; row < 2; row++)
        {
            for (int feature = 0; feature < 10; feature++)
            {
                double[] drawn = codes.select(0, row).select(1, feature).Values();
                Statistics.AssertFrequency(drawn.LongCount(code => code != 0), drawn.Length, activity[row, feature].item<double>());
                Statistics.AssertMean(drawn, mean[row, feature].item<double>());
                // Zero has a probability and no density; where it is the likelier half, it is the mode. Else the density is symmetric about the shift.
                double expected = 2 * drawn.LongCount(code => code == 0) > drawn.Length ? 0 : heads.Shift[row, feature].item<double>();
                Assert.Equal(expected, mode[row, feature].item<double>());
            }
        }
    }

    [Fact]
    public void Relaxed_spikes_are_never_zero_but_have_a_mean_between_on_and_off()
    {
        using var scope = NewDisposeScope();
        var options = Families.Options("spike-and-slab") with { Estimator = GradientEstimator.GumbelSoftmax };
        var posterior = Posterior.Create(options);
        var heads = Families.EqualHeads(posterior, head => head switch { Head.Shift => 0.8, Head.Scale => -3, _ => -1 });
        var codes = posterior.Sample(heads, Families.Noise(options, heads, 50), AnnealedWeights.Evaluation);
        Assert.Equal(1, posterior.ActivityProbability(heads)[0, 0].item<double>());
        Statistics.AssertMean(codes.Values(), posterior.Mean(heads)[0, 0].item<double>());
        Assert.Equal(0, posterior.Mode(heads)[0, 0].item<double>());
    }

    [Theory]
    [InlineData("thresholded-laplacian-gamma", 0.16228399699474080)]
    [InlineData("thresholded-gaussian-gamma", 0.21367615500117432)]
    public void Gamma_priors_with_the_mean_of_a_threshold_keep_more_active(string method, double expected)
    {
        using var scope = NewDisposeScope();
        var options = Families.Options(method);
        var (heads, codes) = AtPrior(options, samples: 1000);
        double found = Posterior.Create(options).ActivityProbability(heads)[0, 0].item<double>();
        Assert.Equal(expected, found, 1e-8);
        Statistics.AssertFrequency(codes.count_nonzero().item<long>(), codes.numel(), found);
    }

    [Theory]
    [InlineData("thresholded-laplacian")]
    [InlineData("thresholded-gaussian")]
    public void Gamma_priors_matched_to_activity_keep_what_the_threshold_keeps(string family)
    {
        using var scope = NewDisposeScope();
        var (_, codes) = AtPrior(Families.Options(family + "-gamma") with { GammaPriorMatch = GammaPriorMatch.ActiveFraction }, samples: 1000);
        var one = Posterior.Create(Families.Options(family));
        double expected = one.ActivityProbability(Families.EqualHeads(one, head => KullbackLeiblerTests.AtPrior(Families.Options(family), head)))[0, 0].item<double>();
        Statistics.AssertFrequency(codes.count_nonzero().item<long>(), codes.numel(), expected);
    }

    [Fact]
    public void A_family_without_tensors_is_named()
    {
        Assert.Throws<ArgumentException>("options", () => Posterior.Create(Families.Options("fista")));
        Assert.Equal("The family 'managed-only' has no posterior of tensors; the managed engine alone trains its methods.",
            Assert.Throws<InvalidInputException>(() => Posterior.Create(new() { Family = new ManagedMethods() })).Message);
    }

    private sealed record ManagedMethods : MethodFamily
    {
        public override string Name => "managed-only";
    }

    private static (HeadTensors Heads, Tensor Codes) AtPrior(PosteriorOptions options, int samples)
    {
        var posterior = Posterior.Create(options);
        var heads = Families.EqualHeads(posterior, head => KullbackLeiblerTests.AtPrior(options, head));
        return (heads, posterior.Sample(heads, Families.Noise(options, heads, samples), AnnealedWeights.Evaluation));
    }
}
