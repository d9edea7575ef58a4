using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Tests.Posteriors;
using VariationalSparseCoding.Tests.Priors;
using VariationalSparseCoding.Torch.Models;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Networks;

/// <summary>Where the posteriors of inputs begin, before any step.</summary>
public class InitialHeadsTests
{
    private const int Inputs = 64, Atoms = 128, Rows = 50;

    [Theory]
    [MemberData(nameof(Families.Variational), MemberType = typeof(Families))]
    public void At_the_prior_every_methods_posterior_has_hardly_any_divergence_and_the_priors_activity(string method)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var fidelity in Enum.GetValues<Fidelity>())
        {
            var defaults = MethodTable.Find(method)!.Defaults(fidelity);
            var (divergence, activity, atPrior) = Begin(defaults with { Posterior = defaults.Posterior with { InitialHeads = InitialHeads.Prior } });
            var (usual, _, _) = Begin(defaults);
            Assert.InRange(divergence, 0, 0.01);
            Assert.True(divergence < usual / 20, $"{divergence} nats beside {usual} with the usual heads");
            Assert.Equal(atPrior, activity, 0.01);
        }
    }

    [Fact]
    public void A_narrow_prior_is_met_where_the_usual_heads_are_far_away()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var defaults = MethodTable.Find("laplacian")!.Defaults();
        var narrow = defaults.Posterior with { PriorSpread = 0.01 };
        Assert.InRange(Begin(defaults with { Posterior = narrow with { InitialHeads = InitialHeads.Prior } }).Divergence, 0, 0.2);
        Assert.InRange(Begin(defaults with { Posterior = narrow }).Divergence, 10, double.PositiveInfinity);
    }

    [Fact]
    public void The_backbone_and_the_dictionary_begin_as_they_would()
    {
        using var scope = NewDisposeScope();
        var defaults = MethodTable.Default.Defaults();
        using var usual = new TorchModel(defaults, Preprocessing.OfVectors(Inputs));
        using var atPrior = new TorchModel(defaults with { Posterior = defaults.Posterior with { InitialHeads = InitialHeads.Prior } }, Preprocessing.OfVectors(Inputs));
        string[] heads = ["network.layers.scale.weight", "network.layers.scale.bias", "network.layers.shift.weight", "network.layers.shift.bias"];
        Assert.Equal(heads.Order(), usual.Parameters.Zip(atPrior.Parameters).Where(pair => !pair.First.Value.Equals(pair.Second.Value)).Select(pair => pair.First.Name).Order());
    }

    /// <summary>KL per feature in nats and activity, means over inputs and features, and the activity at the prior.</summary>
    private static (double Divergence, double Activity, double AtPrior) Begin(Experiment experiment)
    {
        using var model = new TorchModel(experiment with { Generator = new() { Atoms = Atoms } }, Preprocessing.OfVectors(Inputs));
        var heads = model.Network.forward(SmallModels.Normal(1, ScalarType.Float32, Rows, Inputs));
        return (Mean(model.Posterior.KullbackLeibler(heads)), Mean(model.Posterior.ActivityProbability(heads)), Mean(model.Posterior.ActivityProbability(model.Posterior.FixedPrior)));
    }

    private static double Mean(Tensor values) => values.to(ScalarType.Float64).mean().item<double>();
}
