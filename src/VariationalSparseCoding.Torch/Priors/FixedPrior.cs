using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Torch.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Priors;

/// <summary>The paper's prior: a member of the variational family with shift 0 and a given spread (docs/mathematics.md section 3.7).</summary>
/// <param name="posterior">The variational family.</param>
internal sealed class FixedPrior(Posterior posterior) : Prior, IBatchPrior
{
    public bool DependsOnSample => false;

    public override IBatchPrior For(Tensor batch, PosteriorNoise noise, AnnealedWeights anneal) => this;

    public Tensor Divergence(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal) => posterior.KullbackLeibler(heads).sum(1);

    public Tensor LogDensity(LogDensity density) => density(posterior.FixedPrior).sum(-1);

    public override void Dispose() { }
}
