using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Torch.Posteriors;
using static TorchSharp.torch;
using static VariationalSparseCoding.Tests.Priors.SmallModels;

namespace VariationalSparseCoding.Tests.Priors;

public class ClassifierPriorTests
{
    private const int Rows = 12, Components = 4;

    public static TheoryData<string> Methods => [.. Variational];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Divergence_is_the_closed_form_to_the_picked_component(string method)
    {
        using var scope = NewDisposeScope();
        using var model = Model(Describe(method, PriorKind.Clf, Components));
        var (batch, heads, noise) = Draw(model);
        var divergence = model.Prior.For(batch, noise, Annealed).Divergence(heads, noise, Annealed);
        var picks = Picks(Relaxed(model, batch, noise));
        Assert.True(picks.Distinct().Count() > 1);
        Assert.Equal([Rows], divergence.shape);
        var components = Outputs(model);
        for (int row = 0; row < Rows; row++)
        {
            var one = heads.Map(parameters => parameters.narrow(0, row, 1));
            var expected = model.Posterior.KullbackLeibler(one, components.MapRows(parameters => parameters.narrow(0, picks[row], 1))).sum();
            Assert.Equal(expected.item<double>(), divergence[row].item<double>(), 1e-12);
        }
        // Learned thresholds keep the fixed Gamma prior.
        if (model.Posterior.ThresholdKullbackLeibler(heads) is { } thresholds)
            Assert.Equal(thresholds.sum().item<double>(), (model.Posterior.KullbackLeibler(heads).sum() - WithoutThresholds(model, heads)).item<double>(), 1e-12);
    }

    // The naive way: KL to every component under autograd, masked by a straight-through one-hot pick.
    [Theory]
    [MemberData(nameof(Methods))]
    public void Gradients_are_those_of_all_divergences_under_a_straight_through_pick(string method)
    {
        using var scope = NewDisposeScope();
        using var model = Model(Describe(method, PriorKind.Clf, Components));
        var (batch, _, noise) = Draw(model);
        var heads = model.Network.forward(batch);
        var relaxed = Relaxed(model, batch, noise);
        var pick = nn.functional.one_hot(relaxed.argmax(1), Components).to(relaxed.dtype) + relaxed - relaxed.detach();
        var all = model.Posterior.KullbackLeibler(heads.Map(Posterior.PerSample), Outputs(model)).sum(-1);
        // Thresholds are no part of the pick, and their sum is the same for each.
        Tensor[] parameters = [.. model.Parameters.Skip(1).Select(p => p.Value)];
        var naive = autograd.grad([(pick * all).sum()], parameters, retain_graph: true, allow_unused: true);
        var found = autograd.grad([model.Prior.For(batch, noise, Annealed).Divergence(heads, noise, Annealed).sum()], parameters, allow_unused: true);
        // Together, since some of them cancel to nothing but rounding.
        TensorAssert.Close([.. Together(naive).data<double>()], Together(found), 1e-9, "gradients");
        Assert.All(model.Parameters.Zip(found.Prepend(null)).Where(p => p.First.Name.StartsWith("prior.", StringComparison.Ordinal)),
            p => Assert.True(p.Second!.abs().sum().item<double>() > 0, p.First.Name));

        static Tensor Together(IEnumerable<Tensor> gradients) => cat([.. gradients.Select(gradient => gradient.flatten())]);
    }

    [Fact]
    public void Log_density_is_the_picked_components_and_teaches_the_classifier_all()
    {
        using var scope = NewDisposeScope();
        using var model = Model(Describe("thresholded-laplacian", PriorKind.Clf, Components));
        var (batch, heads, noise) = Draw(model);
        var density = model.Posterior.CodeDensity(heads, noise, Annealed);
        var all = stack([.. Enumerable.Range(0, Components).Select(k => density(Outputs(model).MapRows(parameters => parameters[k])).sum(-1))], -1);
        var relaxed = Relaxed(model, batch, noise);
        var pick = nn.functional.one_hot(relaxed.argmax(1), Components).to(relaxed.dtype) + relaxed - relaxed.detach();
        var expected = (pick.unsqueeze(1) * all).sum(-1);
        var found = model.Prior.For(batch, noise, Annealed).LogDensity(density);
        TensorAssert.Close([.. expected.flatten().contiguous().data<double>()], found, 1e-12, "log density");
        Tensor[] parameters = [.. model.Prior.Parameters.Select(p => p.Value), heads.Scale, heads.Shift];
        foreach (var (first, second) in autograd.grad([expected.sum()], parameters, retain_graph: true).Zip(autograd.grad([found.sum()], parameters)))
            TensorAssert.Close([.. first.flatten().contiguous().data<double>()], second, 1e-9, "gradient");
    }

    [Fact]
    public void Pick_is_drawn_with_the_classifiers_probabilities()
    {
        const int rows = 20_000;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = Model(Describe("gaussian", PriorKind.Clf, Components));
        double[] logits = [0.5, -1, 0, 1];
        foreach (var (name, value) in model.Prior.Parameters)
        {
            if (name == "prior.classifier.logits.bias") value.copy_(tensor(logits));
            else if (name == "prior.classifier.logits.weight") value.zero_();
        }
        var noise = Noise(model, Heads(model, rows), samples: 1);
        int[] picks = Picks(Relaxed(model, zeros([rows, Inputs], ScalarType.Float64), noise));
        double total = logits.Sum(Math.Exp);
        for (int k = 0; k < Components; k++)
        {
            double probability = Math.Exp(logits[k]) / total;
            Assert.Equal(probability, picks.Count(pick => pick == k) / (double)rows, 4 * Math.Sqrt(probability * (1 - probability) / rows));
        }
    }

    private static AnnealedWeights Annealed => new(1, 0.5, ClassifierTemperature: 0.7);

    private static (Tensor Batch, HeadTensors Heads, PosteriorNoise Noise) Draw(TorchModel model)
    {
        var heads = Heads(model, Rows);
        return (Normal(3, ScalarType.Float64, Rows, Inputs), heads, Noise(model, heads, samples: 2));
    }

    private static HeadTensors Outputs(TorchModel model)
    {
        var thresholds = model.Posterior.FixedPrior;
        var inputs = model.Prior.Parameters.Single(p => p.Name == "prior.pseudo_inputs").Value;
        return model.Network.forward(inputs) with { LogShape = thresholds.LogShape, LogRate = thresholds.LogRate };
    }

    /// <summary>softmax((logits + Gumbel noise)/temperature), from the classifier's own layers.</summary>
    private static Tensor Relaxed(TorchModel model, Tensor batch, PosteriorNoise noise)
    {
        var layers = model.Prior.Parameters.Where(p => p.Name.StartsWith("prior.classifier.", StringComparison.Ordinal)).Select(p => p.Value).Chunk(2).ToList();
        var features = layers.SkipLast(1).Aggregate(batch, (input, layer) => (input.matmul(layer[0].t()) + layer[1]).relu());
        var logits = features.matmul(layers[^1][0].t()) + layers[^1][1];
        return ((logits - (-noise.Component!.log()).log()) / Annealed.ClassifierTemperature).softmax(1);
    }

    private static int[] Picks(Tensor relaxed) => [.. relaxed.argmax(1).data<long>().Select(pick => (int)pick)];

    private static Tensor WithoutThresholds(TorchModel model, HeadTensors heads)
    {
        var options = model.Experiment.Posterior with { Threshold = ThresholdKind.None };
        return Posterior.Create(options).KullbackLeibler(heads).sum();
    }
}
