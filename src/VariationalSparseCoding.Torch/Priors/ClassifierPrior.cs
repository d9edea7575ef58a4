using TorchSharp;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Torch.Networks;
using VariationalSparseCoding.Torch.Posteriors;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Priors;

/// <summary>
/// The CLF prior: a classifier picks one pseudo-input for each x, whose posterior is the prior of x (docs/mathematics.md sections 2.5 and 3.7). The pick is a straight-through
/// Gumbel-softmax: forward one component, backward the relaxed weights y of all, so that the classifier learns by sum_k y_k KL_k. A prior that sees x
/// leaves no bound on log p(x).
/// </summary>
/// <param name="posterior">The variational family.</param>
/// <param name="pseudoInputs">u; the prior takes ownership.</param>
/// <param name="classifier">Gives the logits of the components; the prior takes ownership.</param>
internal sealed class ClassifierPrior(Posterior posterior, PseudoInputs pseudoInputs, ComponentClassifier classifier) : Prior
{
    public override IReadOnlyList<(string Name, Tensor Value)> Parameters =>
        [("prior.pseudo_inputs", pseudoInputs.Values), .. classifier.named_parameters().Select(p => ("prior.classifier." + p.name, (Tensor)p.parameter))];

    public override IReadOnlyList<(string Name, Tensor Value)> Buffers => [.. classifier.RunningStatistics().Select(b => ("prior.classifier." + b.Name, b.Value))];

    public override void Train(bool isTraining) => classifier.train(isTraining);

    public override IBatchPrior For(Tensor batch, PosteriorNoise noise, AnnealedWeights anneal)
    {
        var gumbel = -(-noise.Component!.log()).log();
        var weights = classifier.forward(batch).Plus(gumbel).Over(anneal.ClassifierTemperature).softmax(1);
        return new Pick(posterior, pseudoInputs.Components(), weights);
    }

    public override void To(Device device)
    {
        pseudoInputs.To(device);
        classifier.to(device);
    }

    public override void Dispose()
    {
        pseudoInputs.Dispose();
        classifier.Dispose();
    }

    private sealed class Pick : IBatchPrior
    {
        private readonly Posterior posterior;
        private readonly HeadTensors components, picked;
        private readonly Tensor weights;

        public Pick(Posterior posterior, HeadTensors components, Tensor weights)
        {
            this.posterior = posterior;
            this.components = components;
            this.weights = weights;
            var index = weights.argmax(1);
            picked = components.MapRows(rows => rows.index_select(0, index));
        }

        public bool DependsOnSample => false;

        public Tensor Divergence(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal)
        {
            var divergence = posterior.KullbackLeibler(heads, picked).sum(1);
            return weights.requires_grad ? divergence.Plus(ToClassifier(AllDivergences(heads), weights)) : divergence;
        }

        public Tensor LogDensity(LogDensity density)
        {
            var logDensity = density(picked.MapRows(Posterior.PerSample)).sum(-1);
            if (!weights.requires_grad) return logDensity;
            Tensor ofAll;
            using (no_grad()) ofAll = PseudoInputs.LogDensities(density, components).permute(1, 2, 0);
            return logDensity.Plus(ToClassifier(ofAll, weights.unsqueeze(1)));
        }

        /// <summary>KL to every component, without gradients, [B, K].</summary>
        private Tensor AllDivergences(HeadTensors heads)
        {
            using var _ = no_grad();
            return stack([.. Enumerable.Range(0, (int)components.Shift.shape[0]).Select(Divergence)], 1);

            Tensor Divergence(int component)
            {
                using var scope = NewDisposeScope();
                return posterior.KullbackLeibler(heads, components.MapRows(rows => rows[component])).sum(1).MoveToOuterDisposeScope();
            }
        }

        /// <summary>Zero, with the gradient of sum_k value_k y_k by y.</summary>
        private static Tensor ToClassifier(Tensor values, Tensor weights) => (values * (weights - weights.detach())).sum(-1);
    }
}
