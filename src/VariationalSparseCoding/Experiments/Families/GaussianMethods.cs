using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Experiments;

/// <summary>Methods with a Gaussian base distribution; its spread is the variance s0^2.</summary>
internal sealed record GaussianMethods : MethodFamily
{
    // A little below the logarithm of the greatest number.
    private const double LargestLog = 700;

    /// <inheritdoc/>
    public override string Name => "gaussian";

    /// <inheritdoc/>
    public override double Threshold(GeneratorKind generator) => 0.52;

    /// <summary>A threshold l0 leaves 2(1 - Phi(l0/s0)) active.</summary>
    /// <inheritdoc/>
    public override PosteriorOptions WithActiveFraction(PosteriorOptions options, double fraction) =>
        options with { ThresholdValue = Math.Sqrt(options.PriorSpread) * SpecialFunctions.NormalQuantile(1 - fraction / 2) };

    /// <summary>E 2(1 - Phi(l/s0)) = 2(1 - Phi(l0/s0)), solved for m.</summary>
    /// <inheritdoc/>
    public override double MeanThreshold(double priorSpread, double priorShape, double threshold) =>
        Math.Sqrt(2 * priorSpread) * Mean(priorShape, threshold / Math.Sqrt(2 * priorSpread));

    /// <summary>Solves E erfc(l) = erfc(threshold) by bisection over the logarithm of m; the mean over l falls as its scale grows.</summary>
    private static double Mean(double shape, double threshold)
    {
        double wanted = SpecialFunctions.Erfc(threshold);
        if (wanted == 0 || GammaTail.MeanErfc(shape, Math.Exp(LargestLog)) > wanted) return double.PositiveInfinity;
        // erfc is convex on positive numbers, so the mean is at least the threshold (Jensen). It may be greater by many orders of magnitude.
        double low = Math.Log(threshold), high = LargestLog;
        while (true)
        {
            double middle = (low + high) / 2;
            if (middle <= low || middle >= high) return Math.Exp(middle);
            if (GammaTail.MeanErfc(shape, Math.Exp(middle)) > wanted) low = middle;
            else high = middle;
        }
    }
}
