using static TorchSharp.torch;

namespace VariationalSparseCoding.Posteriors;

/// <summary>N(mu, exp(h)) with prior N(0, s0^2) (SPEC sections 3.3 and 3.7). No warm-up.</summary>
/// <param name="priorVariance">s0^2.</param>
internal sealed class GaussianFamily(double priorVariance) : LocationScaleFamily
{
    /// <summary>Quantiles of |e|, e ~ N(0, 1), at the midpoints of 64 intervals of equal probability.</summary>
    private static readonly double[] Quantiles = MidpointQuantiles(64);

    public override double GrowthByLogScale => 0.5;

    /// <summary>sigma e, sigma = exp(h/2).</summary>
    public override Tensor Deviation(Tensor logScale, Tensor noise, double noiseScale) => (logScale * 0.5).exp() * noise;

    public override Tensor KullbackLeibler(Tensor shift, Tensor logScale) => KullbackLeibler(shift, logScale, priorVariance);

    /// <summary>KL(N(mu, exp(h)) || N(0, s0^2)) = 1/2 [(mu^2 + e^h)/s0^2 - 1 - h + log s0^2].</summary>
    internal static Tensor KullbackLeibler(Tensor shift, Tensor logScale, double priorVariance) =>
        0.5 * ((shift * shift + logScale.exp()) / priorVariance - 1 - logScale + Math.Log(priorVariance));

    /// <summary>2 (1 - Phi(l/sigma)).</summary>
    public override Tensor TailProbability(Tensor logScale, double threshold) =>
        special.erfc((logScale * -0.5).exp() * (threshold / Math.Sqrt(2)));

    /// <summary>The mean over the threshold: E P(threshold below |sigma e|) = E F(sigma |e|), F the Gamma distribution function, by the midpoint rule.</summary>
    public override Tensor TailProbability(Tensor logScale, Tensor shape, Tensor rate)
    {
        using var scope = NewDisposeScope();
        var scaledRate = rate * (logScale * 0.5).exp();
        var sum = zeros_like(logScale);
        foreach (double quantile in Quantiles) sum.add_(special.gammainc(shape, scaledRate * quantile));
        return (sum / Quantiles.Length).MoveToOuterDisposeScope();
    }

    private static double[] MidpointQuantiles(int count)
    {
        using var scope = NewDisposeScope();
        var probabilities = (arange(count, ScalarType.Float64) + 0.5) / count;
        return [.. (special.erfinv(probabilities) * Math.Sqrt(2)).data<double>()];
    }
}
