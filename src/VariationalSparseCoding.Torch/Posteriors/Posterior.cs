using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Posteriors;

/// <summary>
/// A variational family over codes, with its prior: pure functions of the heads' outputs and of noise.
/// Every sampler here is elementwise, so its pullback is a product with the partial derivatives of <see cref="Derivatives"/>.
/// </summary>
internal abstract class Posterior
{
    /// <summary>The heads, in order of creation.</summary>
    public abstract IReadOnlyList<Head> Heads { get; }

    /// <summary>Draws the noise behind <see cref="Sample"/> from the base distribution: <see cref="PosteriorNoise.Base"/>, [B, J, d].</summary>
    /// <param name="batch">The draws.</param>
    internal abstract Tensor BaseNoise(NoiseBatch batch);

    /// <summary>Draws codes. No gradient flows; see <see cref="Differentiable"/>.</summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    /// <param name="noise">The random numbers.</param>
    /// <param name="anneal">Warm-up and temperature.</param>
    /// <returns>Codes z, [B, J, d].</returns>
    public abstract Tensor Sample(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal);

    /// <summary>The partial derivatives of the samples by the heads, as the gradient estimator defines them (docs/mathematics.md section 3.4).</summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    /// <param name="noise">The random numbers of the samples.</param>
    /// <param name="anneal">Warm-up and temperature.</param>
    /// <returns>dz/d(head), [B, J, d] each.</returns>
    public abstract HeadTensors Derivatives(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal);

    /// <summary>KL of the base distribution to the prior, in nats; gradients flow.</summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    /// <returns>KL per feature, [B, d], at least 0.</returns>
    public Tensor KullbackLeibler(HeadTensors heads) => KullbackLeibler(heads, FixedPrior);

    /// <summary>The fixed prior as a member of the family: its parameters as scalars of float64, which take the type of what they meet.</summary>
    internal abstract HeadTensors FixedPrior { get; }

    /// <summary>KL of the base distribution to another member of the family in closed form; learned thresholds keep their Gamma prior. Gradients flow to both.</summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    /// <param name="prior">The parameters of the other, broadcast to [B, d].</param>
    /// <returns>KL per feature, [B, d], at least 0.</returns>
    internal abstract Tensor KullbackLeibler(HeadTensors heads, HeadTensors prior);

    /// <summary>The share of <see cref="KullbackLeibler(HeadTensors)"/> that belongs to learned thresholds; null where there are none.</summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    /// <returns>Weighted KL per feature, [B, d].</returns>
    internal virtual Tensor? ThresholdKullbackLeibler(HeadTensors heads) => null;

    /// <summary>
    /// log density of the base samples under members of the family: before the threshold and without the warm-up, as the KL takes them.
    /// Gradients flow through the samples and to the members' parameters.
    /// </summary>
    /// <param name="heads">The heads' outputs from which the samples are drawn, [B, d] each.</param>
    /// <param name="noise">The random numbers.</param>
    /// <param name="anneal">The temperature of relaxed spikes.</param>
    internal abstract LogDensity BaseDensity(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal);

    /// <summary>
    /// log density of the codes of <see cref="Differentiable"/> under members of the family (docs/mathematics.md section 6.2 (ii)): a thresholded code is a mixture of an
    /// atom at zero and a density, and a drawn threshold has its own. Gradients flow through the codes, as the estimator defines them, and to the members'
    /// parameters; no estimator here accounts for how the parameters move the chance that a feature crosses its threshold.
    /// </summary>
    /// <param name="heads">The heads' outputs from which the codes are drawn, [B, d] each.</param>
    /// <param name="noise">The random numbers.</param>
    /// <param name="anneal">Warm-up and temperature.</param>
    internal abstract LogDensity CodeDensity(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal);

    /// <summary>The parameters of the distribution that codes are drawn from: the heads' outputs, with the warm-up's part.</summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    /// <param name="anneal">Warm-up.</param>
    internal abstract HeadTensors Annealed(HeadTensors heads, AnnealedWeights anneal);

    /// <summary>The probability that a feature of a sample is not zero.</summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    /// <returns>Probabilities, [B, d].</returns>
    public abstract Tensor ActivityProbability(HeadTensors heads);

    /// <summary>The mean of a code: the shift times the probability that the feature is on, since a sample is symmetric about the shift where it is.</summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    /// <returns>Means, [B, d].</returns>
    public Tensor Mean(HeadTensors heads) => heads.Shift * OnProbability(heads);

    /// <summary>The mode of a code: the shift where a feature is on with a probability above one half, else zero.</summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    /// <returns>Modes, [B, d].</returns>
    public Tensor Mode(HeadTensors heads) => where(OnProbability(heads).IsAbove(0.5), heads.Shift, zeros_like(heads.Shift));

    /// <summary>
    /// Samples through which gradients flow to the heads: z = sg[z] + sum over heads of sg[dz/dhead] (head - sg[head]),
    /// which has the value of <see cref="Sample"/> and the derivatives of <see cref="Derivatives"/>. Where gradients are off it is <see cref="Sample"/>.
    /// </summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    /// <param name="noise">The random numbers.</param>
    /// <param name="anneal">Warm-up and temperature.</param>
    /// <returns>Codes z, [B, J, d].</returns>
    public Tensor Differentiable(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal)
    {
        if (!is_grad_enabled()) return Sample(heads, noise, anneal);
        Tensor codes;
        HeadTensors derivatives;
        using (no_grad())
        {
            codes = Sample(heads, noise, anneal);
            derivatives = Derivatives(heads, noise, anneal);
        }
        return Heads.Aggregate(codes, (sum, head) => sum.Plus(derivatives[head] * PerSample(heads[head] - heads[head].detach())));
    }

    /// <summary>The posterior that options describe.</summary>
    /// <param name="options">Valid options of a variational method.</param>
    public static Posterior Create(PosteriorOptions options) => options.Family switch
    {
        GaussianMethods => new ThresholdedPosterior(new GaussianFamily(), options),
        LaplacianMethods => new ThresholdedPosterior(new LaplacianFamily(), options),
        SpikeAndSlabMethods => new SpikeAndSlabPosterior(options),
        MapMethods => throw new ArgumentException("MAP inference has no posterior.", nameof(options)),
        _ => throw new InvalidInputException($"The family '{options.Family.Name}' has no posterior of tensors; the managed engine alone trains its methods."),
    };

    /// <summary>The probability that a feature is on, [B, d]: that of its activity, but for relaxed spikes, which are off without being zero.</summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    private protected virtual Tensor OnProbability(HeadTensors heads) => ActivityProbability(heads);

    /// <summary>Gives a tensor of the heads [B, d] the samples' axis: [B, 1, d].</summary>
    /// <param name="parameters">The tensor.</param>
    internal static Tensor PerSample(Tensor parameters) => parameters.unsqueeze(1);
}

/// <summary>The log density of drawn latent variables per feature, as a function of the parameters of the family's member that it is taken under.</summary>
/// <param name="parameters">Heads' outputs that broadcast with the draws [B, J, d]; with further axes before them for several members at once.</param>
/// <returns>log density in nats, [..., B, J, d].</returns>
internal delegate Tensor LogDensity(HeadTensors parameters);
