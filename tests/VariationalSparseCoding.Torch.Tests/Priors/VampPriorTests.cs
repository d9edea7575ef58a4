using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Torch.Objectives;
using VariationalSparseCoding.Torch.Posteriors;
using static TorchSharp.torch;
using static VariationalSparseCoding.Tests.Priors.SmallModels;

namespace VariationalSparseCoding.Tests.Priors;

public class VampPriorTests
{
    public static TheoryData<string> Methods => [.. Variational];

    [Theory]
    [MemberData(nameof(Methods))]
    public void One_component_at_the_fixed_prior_estimates_its_divergence(string method)
    {
        const int samples = 40_000;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = Model(Describe(method, PriorKind.Vamp, components: 1));
        SetOutputs(model, model.Posterior.FixedPrior);
        var heads = Heads(model, rows: 2);
        var noise = Noise(model, heads, samples);
        var estimates = model.Prior.For(zeros(2, Inputs), noise, AnnealedWeights.Evaluation).Divergence(heads, noise, AnnealedWeights.Evaluation);
        Assert.Equal([2, samples], estimates.shape);
        var difference = (estimates.mean([1]) - model.Posterior.KullbackLeibler(heads).sum(1)).abs();
        var error = estimates.std(1) / Math.Sqrt(samples);
        Assert.True((difference < 4 * error).all().item<bool>(), $"off by {difference.ToString(TorchSharp.TensorStringStyle.Julia)}, standard error {error.ToString(TorchSharp.TensorStringStyle.Julia)}");
        Assert.True((estimates.std(1) < 10).all().item<bool>());
    }

    // Two components at (1, 1) and (-1, -1): (1, -1) is far from both, though each of its features is near to a component.
    [Fact]
    public void Mixture_is_joint_over_features()
    {
        using var scope = NewDisposeScope();
        using var model = Model(Describe("gaussian", PriorKind.Vamp, components: 2) with { Generator = new() { Atoms = 2 } }, inputs: 2);
        using (no_grad())
        {
            foreach (var (name, value) in model.Parameters.Skip(1))
            {
                if (name.EndsWith("bias", StringComparison.Ordinal)) value.fill_(name.Contains("scale", StringComparison.Ordinal) ? Math.Log(0.25) : 0);
                else if (name.Contains("backbone", StringComparison.Ordinal) || name == "prior.pseudo_inputs") value.copy_(eye(value.shape[0], value.shape[1]));
                else if (name.Contains("shift", StringComparison.Ordinal)) value.copy_(tensor(new double[] { 1, -1, 1, -1 }, [2, 2]));
                else value.zero_();
            }
        }
        var heads = new HeadTensors(full([1, 2], Math.Log(0.5), ScalarType.Float64), tensor(new double[] { 1, -1 }, [1, 2]));
        var atShift = new PosteriorNoise(zeros([1, 1, 2], ScalarType.Float64));
        double found = model.Prior.For(zeros(1, 2), atShift, AnnealedWeights.Evaluation).Divergence(heads, atShift, AnnealedWeights.Evaluation).item<double>();

        double logNear = LogNormal(0, 0.25), logFar = LogNormal(2, 0.25), logPosterior = 2 * LogNormal(0, 0.5);
        Assert.Equal(logPosterior - (logNear + logFar), found, 1e-12);
        double ofProduct = 2 * Math.Log(0.5 * (Math.Exp(logNear) + Math.Exp(logFar)));
        Assert.True(Math.Abs(logPosterior - ofProduct - found) > 1);

        static double LogNormal(double distance, double variance) => -0.5 * (Math.Log(2 * Math.PI * variance) + distance * distance / variance);
    }

    [Theory]
    [InlineData("gaussian")]
    [InlineData("laplacian")]
    public void Pseudo_inputs_and_network_receive_the_true_gradient(string method)
    {
        using var scope = NewDisposeScope();
        var experiment = Describe(method, PriorKind.Vamp) with { Sampling = new() { Selection = DrawSelection.Average }, Objective = new() { KlWeight = 0.3 } };
        using var model = Model(experiment);
        var batch = Normal(1, ScalarType.Float64, 2, Inputs);
        var noise = Noise(model, model.Network.forward(batch), samples: 3);
        var parameters = model.Parameters.Where(p => p.Name is "prior.pseudo_inputs" || p.Name.EndsWith("bias", StringComparison.Ordinal)).ToList();
        Assert.Contains(parameters, p => p.Name == "prior.pseudo_inputs");
        var gradients = autograd.grad([Loss()], [.. parameters.Select(p => p.Value)]);
        foreach (var ((name, value), gradient) in parameters.Zip(gradients)) AssertGradient(Loss, value, gradient, name);

        Tensor Loss() => TrainingObjective.Evaluate(model, batch, model.Network.forward(batch), noise, new(1, 1)).Loss;
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Best_sample_has_the_least_whole_loss(string method)
    {
        const int rows = 40, samples = 6;
        using var scope = NewDisposeScope();
        var experiment = Describe(method, PriorKind.Vamp) with { Objective = new() { KlWeight = 0.5 } };
        using var model = Model(experiment);
        var batch = Normal(2, ScalarType.Float64, rows, Inputs);
        var heads = Heads(model, rows);
        var noise = Noise(model, heads, samples);
        var anneal = new AnnealedWeights(0.6, 0.5);
        using var _ = no_grad();
        var codes = model.Posterior.Sample(heads, noise, anneal);
        var reconstruction = ElboTerms.Reconstruction(batch.unsqueeze(1) - model.Generator.Decode(codes));
        var divergence = model.Prior.For(batch, noise, anneal).Divergence(heads, noise, anneal);
        var best = (reconstruction + 0.5 * divergence).min(1).values;
        Assert.False(reconstruction.argmin(1).eq((reconstruction + 0.5 * divergence).argmin(1)).all().item<bool>());
        var result = TrainingObjective.Evaluate(model, batch, heads, noise, anneal);
        Assert.Equal(best.mean().item<double>(), result.Loss.item<double>(), 1e-12);
    }

    // Densities without gradients are taken a few components at a time.
    [Trait("Category", "Slow")]
    [Fact]
    public void Components_in_parts_make_the_same_mixture()
    {
        using var scope = NewDisposeScope();
        using var model = Model(Describe("thresholded-laplacian", PriorKind.Vamp, components: 37));
        var heads = Heads(model, rows: 50);
        var noise = Noise(model, heads, samples: 700);
        var anneal = AnnealedWeights.Evaluation;
        var whole = Divergence();
        using var _ = no_grad();
        TensorAssert.Close([.. whole.flatten().data<double>()], Divergence(), 1e-12, "divergence");

        Tensor Divergence() => model.Prior.For(zeros(50, Inputs), noise, anneal).Divergence(heads, noise, anneal);
    }
}
