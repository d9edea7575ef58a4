using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Torch.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Posteriors;

public class NoiseSourceTests
{
    public static TheoryData<string, GradientEstimator> Sources => new()
    {
        { "gaussian", GradientEstimator.StraightThrough },
        { "thresholded-laplacian", GradientEstimator.Subgradient },
        { "thresholded-gaussian-gamma", GradientEstimator.StraightThrough },
        { "thresholded-laplacian-gamma", GradientEstimator.StraightThrough },
        { "spike-and-slab", GradientEstimator.GumbelRao },
    };

    [Theory, MemberData(nameof(Sources))]
    public void Noise_depends_neither_on_the_batch_nor_on_the_number_of_samples(string method, GradientEstimator estimator)
    {
        using var scope = NewDisposeScope();
        var options = Families.Options(method) with { Estimator = estimator };
        var source = new NoiseSource(Posterior.Create(options), options);
        var heads = Families.RandomHeads(Posterior.Create(options), rows: 5, features: 70);
        var whole = source.Draw(Families.Key, 7, heads, 4);
        var part = source.Draw(Families.Key, 9, heads.Map(head => head.narrow(0, 2, 2)), 3);
        foreach (var (all, some) in Tensors(whole).Zip(Tensors(part))) Assert.Equal(all.narrow(0, 2, 2).narrow(1, 0, 3).Values(), some.Values());
        Assert.Equal(options.Threshold == ThresholdKind.Gamma, whole.Threshold is not null);
    }

    [Theory, MemberData(nameof(Sources))]
    public void A_selected_sample_is_the_sample_of_selected_noise(string method, GradientEstimator estimator)
    {
        using var scope = NewDisposeScope();
        var options = Families.Options(method) with { Estimator = estimator };
        var posterior = Posterior.Create(options);
        var heads = Families.RandomHeads(posterior, rows: 3);
        var noise = Families.Noise(options, heads, 4);
        var chosen = tensor(new long[] { 2, 0, 3 });
        Tensor Of(Tensor samples) => samples[arange(3), chosen];
        var anneal = new AnnealedWeights(0.8, 0.6);
        Assert.Equal(Of(posterior.Sample(heads, noise, anneal)).Values(), posterior.Sample(heads, noise.Select(chosen), anneal).Values());
        HeadTensors all = posterior.Derivatives(heads, noise, anneal), some = posterior.Derivatives(heads, noise.Select(chosen), anneal);
        foreach (var head in posterior.Heads) TensorAssert.Close(Of(all[head]).Values(), some[head], 1e-14, head.ToString());
    }

    private static IEnumerable<Tensor> Tensors(PosteriorNoise noise) =>
        new[] { noise.Base, noise.Spike, noise.Threshold?.Standard, noise.SpikeGivenRounding }.OfType<Tensor>();
}
