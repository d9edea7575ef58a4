using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Torch.Posteriors;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Priors;

/// <summary>
/// p(s) = 1/K sum_k q(s | u_k), a mixture of the posteriors of pseudo-inputs, joint over features (Tomczak and Welling, 2018; docs/mathematics.md section 3.7). Its KL has no closed
/// form: each sample gives the estimate log q(s | x) - log p(s). Memory and time grow as B J K d.
/// </summary>
/// <param name="posterior">The variational family.</param>
/// <param name="pseudoInputs">u; the prior takes ownership.</param>
internal sealed class VampPrior(Posterior posterior, PseudoInputs pseudoInputs) : Prior
{
    public override IReadOnlyList<(string Name, Tensor Value)> Parameters => [("prior.pseudo_inputs", pseudoInputs.Values)];

    public override IBatchPrior For(Tensor batch, PosteriorNoise noise, AnnealedWeights anneal) => new Mixture(posterior, pseudoInputs.Components());

    public override void To(Device device) => pseudoInputs.To(device);

    public override void Dispose() => pseudoInputs.Dispose();

    private sealed class Mixture(Posterior posterior, HeadTensors components) : IBatchPrior
    {
        public bool DependsOnSample => true;

        public Tensor Divergence(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal)
        {
            var density = posterior.BaseDensity(heads, noise, anneal);
            var divergence = density(heads.Map(Posterior.PerSample)).sum(-1) - LogDensity(density);
            return posterior.ThresholdKullbackLeibler(heads) is { } thresholds ? divergence.Plus(thresholds.sum(1, keepdim: true)) : divergence;
        }

        public Tensor LogDensity(LogDensity density) =>
            PseudoInputs.LogDensities(density, components).logsumexp(0).Minus(Math.Log(components.Shift.shape[0]));
    }
}
