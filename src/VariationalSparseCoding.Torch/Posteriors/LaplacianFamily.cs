using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Posteriors;

/// <summary>Laplace(mu, b = exp(h)) (docs/mathematics.md sections 3.3 and 3.7). The warm-up w multiplies the noise only.</summary>
internal sealed class LaplacianFamily : LocationScaleFamily
{
    public override Tensor Noise(NoiseBatch batch) => batch.Draw<LaplaceVariate>(NoiseStreams.Base);

    public override double GrowthByLogScale => 1;

    /// <summary>w b r.</summary>
    public override Tensor Deviation(Tensor logScale, Tensor noise, double noiseScale) => logScale.exp().Times(noiseScale) * noise;

    /// <summary>b^2 r without warm-up in the published code (docs/mathematics.md section 9, row 6); else w b r.</summary>
    public override (Tensor Deviation, double Growth) SubgradientDeviation(Tensor logScale, Tensor noise, double noiseScale, SubgradientScale scale) =>
        scale == SubgradientScale.SquaredScale ? (logScale.Times(2).exp() * noise, 2) : base.SubgradientDeviation(logScale, noise, noiseScale, scale);

    /// <summary>KL(Laplace(mu, b) || Laplace(mu0, b0)) = |mu - mu0|/b0 + (b/b0) exp(-|mu - mu0|/b) + log(b0/b) - 1.</summary>
    public override Tensor KullbackLeibler(Tensor shift, Tensor logScale, Tensor priorShift, Tensor priorLogScale)
    {
        var distance = (shift - priorShift).abs();
        Tensor scale = logScale.exp(), priorScale = priorLogScale.exp();
        return ((distance / priorScale).Plus(scale / priorScale * (-distance / scale).exp()).Plus(priorLogScale) - logScale).Minus(1);
    }

    /// <summary>-log 2 - h - distance/b.</summary>
    public override Tensor LogDensity(Tensor distance, Tensor logScale) => -(distance * (-logScale).exp()).Plus(logScale).Plus(Math.Log(2));

    /// <summary>log(1 - exp(-l/b)).</summary>
    public override Tensor LogInactiveProbability(Tensor logScale, Tensor threshold) =>
        (-special.expm1(-threshold * (-logScale).exp())).log();

    /// <summary>exp(-l/b), eq. (3).</summary>
    public override Tensor TailProbability(Tensor logScale, double threshold) => (-logScale).exp().Times(-threshold).exp();

    /// <summary>E exp(-l/b) = (1 + 1/(b beta))^-alpha.</summary>
    public override Tensor TailProbability(Tensor logScale, Tensor shape, Tensor rate) =>
        (-shape * ((-logScale).exp() / rate).log1p()).exp();
}
