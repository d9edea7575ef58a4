using VariationalSparseCoding.Experiments;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Posteriors;

/// <summary>
/// A variational family over codes, with its prior: pure functions of the heads' outputs and of noise.
/// Every sampler here is elementwise, so its pullback is a product with the partial derivatives of <see cref="Derivatives"/>.
/// </summary>
internal abstract class Posterior
{
    /// <summary>The heads, in order of creation.</summary>
    public abstract IReadOnlyList<Head> Heads { get; }

    /// <summary>Draws codes. No gradient flows; see <see cref="Differentiable"/>.</summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    /// <param name="noise">The random numbers.</param>
    /// <param name="anneal">Warm-up and temperature.</param>
    /// <returns>Codes z, [B, J, d].</returns>
    public abstract Tensor Sample(HeadTensors heads, PosteriorNoise noise, Anneal anneal);

    /// <summary>The partial derivatives of the samples by the heads, as the gradient estimator defines them (SPEC section 3.4).</summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    /// <param name="noise">The random numbers of the samples.</param>
    /// <param name="anneal">Warm-up and temperature.</param>
    /// <returns>dz/d(head), [B, J, d] each.</returns>
    public abstract HeadTensors Derivatives(HeadTensors heads, PosteriorNoise noise, Anneal anneal);

    /// <summary>KL of the base distribution to the prior, in nats; gradients flow.</summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    /// <returns>KL per feature, [B, d], at least 0.</returns>
    public abstract Tensor KullbackLeibler(HeadTensors heads);

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
    public Tensor Mode(HeadTensors heads) => where(OnProbability(heads) > 0.5, heads.Shift, zeros_like(heads.Shift));

    /// <summary>
    /// Samples through which gradients flow to the heads: z = sg[z] + sum over heads of sg[dz/dhead] (head - sg[head]),
    /// which has the value of <see cref="Sample"/> and the derivatives of <see cref="Derivatives"/>.
    /// </summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    /// <param name="noise">The random numbers.</param>
    /// <param name="anneal">Warm-up and temperature.</param>
    /// <returns>Codes z, [B, J, d].</returns>
    public Tensor Differentiable(HeadTensors heads, PosteriorNoise noise, Anneal anneal)
    {
        Tensor codes;
        HeadTensors derivatives;
        using (no_grad())
        {
            codes = Sample(heads, noise, anneal);
            derivatives = Derivatives(heads, noise, anneal);
        }
        return Heads.Aggregate(codes, (sum, head) => sum + derivatives[head] * PerSample(heads[head] - heads[head].detach()));
    }

    /// <summary>The posterior that options describe.</summary>
    /// <param name="options">Valid options of a variational method.</param>
    public static Posterior Create(PosteriorOptions options) => options.Family switch
    {
        PosteriorFamily.Gaussian => new ThresholdedPosterior(new GaussianFamily(options.PriorSpread), options),
        PosteriorFamily.Laplacian => new ThresholdedPosterior(new LaplacianFamily(options.PriorSpread), options),
        PosteriorFamily.SpikeAndSlab => new SpikeAndSlabPosterior(options),
        _ => throw new ArgumentException("MAP inference has no posterior.", nameof(options)),
    };

    /// <summary>The probability that a feature is on, [B, d]: that of its activity, but for relaxed spikes, which are off without being zero.</summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    private protected virtual Tensor OnProbability(HeadTensors heads) => ActivityProbability(heads);

    /// <summary>Gives a tensor of the heads [B, d] the samples' axis: [B, 1, d].</summary>
    /// <param name="parameters">The tensor.</param>
    internal static Tensor PerSample(Tensor parameters) => parameters.unsqueeze(1);
}
