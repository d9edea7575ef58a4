using VariationalSparseCoding.Experiments;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Posteriors;

/// <summary>A base distribution s = mu + deviation, whose deviation is a scale times standard noise.</summary>
internal abstract class LocationScaleFamily
{
    /// <summary>Draws standard noise, [B, J, d].</summary>
    /// <param name="batch">The draws.</param>
    public abstract Tensor Noise(NoiseBatch batch);

    /// <summary>s - mu.</summary>
    /// <param name="logScale">h, broadcast to [B, J, d].</param>
    /// <param name="noise">Standard noise, [B, J, d].</param>
    /// <param name="noiseScale">The warm-up w; families without one ignore it.</param>
    public abstract Tensor Deviation(Tensor logScale, Tensor noise, double noiseScale);

    /// <summary>How many times its deviation a deviation grows per unit of h: 1/2 for a log variance, 1 for a log scale.</summary>
    public abstract double GrowthByLogScale { get; }

    /// <summary>KL of the base distribution to another member of the family per feature, [B, d].</summary>
    /// <param name="shift">mu, [B, d].</param>
    /// <param name="logScale">h, [B, d].</param>
    /// <param name="priorShift">mu0 of the other, broadcast to [B, d].</param>
    /// <param name="priorLogScale">h0 of the other, broadcast to [B, d].</param>
    public abstract Tensor KullbackLeibler(Tensor shift, Tensor logScale, Tensor priorShift, Tensor priorLogScale);

    /// <summary>log density of s.</summary>
    /// <param name="distance">|s - mu|.</param>
    /// <param name="logScale">h, broadcast to the distances.</param>
    public abstract Tensor LogDensity(Tensor distance, Tensor logScale);

    /// <summary>log P(|s - mu| at most threshold), with full precision for small thresholds.</summary>
    /// <param name="logScale">h.</param>
    /// <param name="threshold">l, above 0, broadcast with h.</param>
    public abstract Tensor LogInactiveProbability(Tensor logScale, Tensor threshold);

    /// <summary>P(|s - mu| > threshold), [B, d].</summary>
    /// <param name="logScale">h, [B, d].</param>
    /// <param name="threshold">A fixed threshold.</param>
    public abstract Tensor TailProbability(Tensor logScale, double threshold);

    /// <summary>The mean of P(|s - mu| > threshold) over a threshold from Gamma(shape, rate), [B, d]; no gradient flows.</summary>
    /// <param name="logScale">h, [B, d].</param>
    /// <param name="shape">alpha, [B, d].</param>
    /// <param name="rate">beta, [B, d].</param>
    public abstract Tensor TailProbability(Tensor logScale, Tensor shape, Tensor rate);

    /// <summary>The deviation under the subgradient estimator; differs from <see cref="Deviation"/> only where the published code does.</summary>
    /// <param name="logScale">h, broadcast to [B, J, d].</param>
    /// <param name="noise">Standard noise, [B, J, d].</param>
    /// <param name="noiseScale">The warm-up w.</param>
    /// <param name="scale">Which scale the subgradient estimator has.</param>
    /// <returns>The deviation, and its growth per unit of h.</returns>
    public virtual (Tensor Deviation, double Growth) SubgradientDeviation(Tensor logScale, Tensor noise, double noiseScale, SubgradientScale scale) =>
        (Deviation(logScale, noise, noiseScale), GrowthByLogScale);
}
