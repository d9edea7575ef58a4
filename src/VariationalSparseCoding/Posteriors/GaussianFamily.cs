using static TorchSharp.torch;

namespace VariationalSparseCoding.Posteriors;

/// <summary>N(mu, exp(h)) (SPEC sections 3.3 and 3.7). No warm-up.</summary>
internal sealed class GaussianFamily : LocationScaleFamily
{
    /// <summary>Quantiles of |e|, e ~ N(0, 1), at the midpoints of 64 intervals of equal probability.</summary>
    private static readonly double[] Quantiles = MidpointQuantiles(64);

    public override double GrowthByLogScale => 0.5;

    /// <summary>sigma e, sigma = exp(h/2).</summary>
    public override Tensor Deviation(Tensor logScale, Tensor noise, double noiseScale) => (logScale * 0.5).exp() * noise;

    /// <summary>KL(N(mu, exp(h)) || N(mu0, s0^2)) = 1/2 [((mu - mu0)^2 + e^h)/s0^2 - 1 - h + log s0^2], with h0 = log s0^2.</summary>
    public override Tensor KullbackLeibler(Tensor shift, Tensor logScale, Tensor priorShift, Tensor priorLogScale) =>
        0.5 * (((shift - priorShift).square() + logScale.exp()) / priorLogScale.exp() - 1 - logScale + priorLogScale);

    /// <summary>-1/2 [log 2 pi + h + distance^2 e^-h].</summary>
    public override Tensor LogDensity(Tensor distance, Tensor logScale) =>
        -0.5 * (distance.square() * (-logScale).exp() + logScale + Math.Log(2 * Math.PI));

    /// <summary>log erf(l/(sigma sqrt 2)).</summary>
    public override Tensor LogInactiveProbability(Tensor logScale, Tensor threshold) =>
        special.erf((logScale * -0.5).exp() * threshold / Math.Sqrt(2)).log();

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
