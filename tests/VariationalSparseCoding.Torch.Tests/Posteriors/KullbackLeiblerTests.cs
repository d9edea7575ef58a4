using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Torch.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Posteriors;

public class KullbackLeiblerTests
{
    [Theory]
    [MemberData(nameof(Families.Variational), MemberType = typeof(Families))]
    public void Gradients_equal_finite_differences(string method)
    {
        using var scope = NewDisposeScope();
        var posterior = Posterior.Create(Families.Options(method));
        var heads = Families.RandomHeads(posterior).Map(head => head.requires_grad_());
        var divergence = posterior.KullbackLeibler(heads).sum();
        foreach (var head in posterior.Heads)
        {
            var gradient = autograd.grad([divergence], [heads[head]], retain_graph: true)[0];
            TensorAssert.Close(heads.Difference(head, posterior.KullbackLeibler).Values(), gradient, 1e-7, head.ToString());
        }
    }

    [Theory]
    [InlineData("gaussian", "kl_gaussian", "log_variance", "variance0")]
    [InlineData("laplacian", "kl_laplacian", "log_b", "b0")]
    public void Divergences_match_the_fixture(string method, string fixture, string logScale, string spread)
    {
        foreach (var expected in Fixtures.Read("metrics.json").GetProperty(fixture).EnumerateArray())
        {
            var options = Families.Options(method) with { PriorSpread = expected.GetProperty(spread).GetDouble() };
            double found = Divergence(options, head => expected.GetProperty(head == Head.Scale ? logScale : "mu").GetDouble());
            Assert.Equal(expected.GetProperty("kl").GetDouble(), found, 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Families.Variational), MemberType = typeof(Families))]
    public void The_prior_has_divergence_zero_and_others_more(string method)
    {
        using var scope = NewDisposeScope();
        var options = Families.Options(method);
        var posterior = Posterior.Create(options);
        Assert.Equal(0, Divergence(options, head => AtPrior(options, head)), 1e-12);
        var divergences = posterior.KullbackLeibler(Families.RandomHeads(posterior, 20, 200)).Values();
        Assert.All(divergences, divergence => Assert.InRange(divergence, 0, 1000));
    }

    internal static double AtPrior(PosteriorOptions options, Head head) => head switch
    {
        Head.Scale => Math.Log(options.PriorSpread),
        Head.Shift => 0,
        Head.Spike => Math.Log(options.SpikePrior / (1 - options.SpikePrior)),
        Head.LogShape => Math.Log(options.GammaPriorShape),
        _ => Math.Log(options.GammaPriorShape / GammaPrior.Mean(options)),
    };

    [Theory]
    [InlineData(0.3, -1.2)]
    [InlineData(-1.5, 0.4)]
    [InlineData(0, -4)]
    public void The_gaussian_divergence_is_the_integral(double shift, double logVariance)
    {
        double Log(double s, double mean, double variance) => -0.5 * ((s - mean) * (s - mean) / variance + Math.Log(2 * Math.PI * variance));
        double variance = Math.Exp(logVariance), reach = 12 * Math.Sqrt(variance);
        double expected = Integral(s => Ratio(Log(s, shift, variance), Log(s, 0, 0.1)), shift - reach, shift + reach);
        Assert.Equal(expected, Divergence(Families.Options("gaussian"), head => head == Head.Shift ? shift : logVariance), 1e-9);
    }

    [Theory]
    [InlineData(0.3, -1.2)]
    [InlineData(-1.5, 0.4)]
    [InlineData(0, -4)]
    public void The_laplacian_divergence_is_the_integral(double shift, double logScale)
    {
        double Log(double s, double mean, double scale) => -Math.Abs(s - mean) / scale - Math.Log(2 * scale);
        double scale = Math.Exp(logScale), reach = 45 * scale, low = Math.Min(0, shift), high = Math.Max(0, shift);
        double Term(double s) => Ratio(Log(s, shift, scale), Log(s, 0, 0.1));
        // The densities have kinks at the shift and at 0.
        double expected = Integral(Term, low - reach, low) + Integral(Term, low, high) + Integral(Term, high, high + reach);
        Assert.Equal(expected, Divergence(Families.Options("laplacian"), head => head == Head.Shift ? shift : logScale), 1e-9);
    }

    [Theory]
    [InlineData(0.3, -0.5, GammaPriorMatch.Threshold)]
    [InlineData(2, 3, GammaPriorMatch.Threshold)]
    [InlineData(-1, 1, GammaPriorMatch.ActiveFraction)]
    public void The_divergence_of_learned_thresholds_is_the_integral(double logShape, double logRate, GammaPriorMatch match)
    {
        var options = Families.Options("thresholded-laplacian-gamma") with { GammaKlFactor = 0.7, GammaPriorMatch = match };
        double Log(double l, double shape, double rate) => shape * Math.Log(rate) + (shape - 1) * Math.Log(l) - rate * l - SpecialFunctions.LogGamma(shape);
        double shape = Math.Exp(logShape), rate = Math.Exp(logRate), priorRate = 3 / GammaPrior.Mean(options);
        double expected = Integral(t => Math.Exp(t) * Ratio(Log(Math.Exp(t), shape, rate), Log(Math.Exp(t), 3, priorRate)), -110, 6);
        double found = Divergence(options, head => head switch { Head.LogShape => logShape, Head.LogRate => logRate, _ => AtPrior(options, head) });
        Assert.Equal(0.7 * expected, found, 1e-9);
    }

    [Theory]
    [InlineData(SpikeLogit.LogOdds, -0.4)]
    [InlineData(SpikeLogit.LogOdds, 2.5)]
    [InlineData(SpikeLogit.LogProbability, -1.3)]
    public void The_spike_and_slab_divergence_is_the_integral(SpikeLogit logit, double spike)
    {
        const double shift = 0.4, variance = 0.3, prior = 0.15;
        var options = Families.Options("spike-and-slab") with { SpikeLogit = logit, SpikePrior = prior };
        double active = logit == SpikeLogit.LogOdds ? 1 / (1 + Math.Exp(-spike)) : Math.Exp(spike);
        double Log(double s, double weight, double mean, double variance) => Math.Log(weight) - 0.5 * ((s - mean) * (s - mean) / variance + Math.Log(2 * Math.PI * variance));
        double expected = (1 - active) * Math.Log((1 - active) / (1 - prior)) + Integral(s => Ratio(Log(s, active, shift, variance), Log(s, prior, 0, 0.1)), -7, 7);
        Assert.Equal(expected, Divergence(options, head => head switch { Head.Scale => Math.Log(variance), Head.Shift => shift, _ => spike }), 1e-9);
    }

    /// <summary>q log(q/p).</summary>
    private static double Ratio(double logPosterior, double logPrior) => Math.Exp(logPosterior) * (logPosterior - logPrior);

    /// <summary>Simpson's rule.</summary>
    private static double Integral(Func<double, double> function, double from, double to)
    {
        const int intervals = 20_000;
        double step = (to - from) / intervals;
        return step / 3 * Enumerable.Range(0, intervals + 1).Sum(i => function(from + i * step) * (i is 0 or intervals ? 1 : 2 + 2 * (i % 2)));
    }

    private static double Divergence(PosteriorOptions options, Func<Head, double> heads)
    {
        using var scope = NewDisposeScope();
        var posterior = Posterior.Create(options);
        return posterior.KullbackLeibler(Families.EqualHeads(posterior, heads, 1, 1)).item<double>();
    }
}
