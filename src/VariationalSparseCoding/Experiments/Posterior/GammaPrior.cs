using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Posteriors;

namespace VariationalSparseCoding.Experiments;

/// <summary>The scale of a learned threshold's prior Gamma(alpha0, rate alpha0/m), m its mean (SPEC sections 3.7 and 12).</summary>
public static class GammaPrior
{
    /// <summary>The least shape for which a mean of equal activity is sought.</summary>
    public const double SmallestShape = 0.01;

    // A little below the logarithm of the greatest number.
    private const double LargestLog = 700;

    /// <summary>The prior's mean m: l0, or the mean that keeps as many features active as a fixed threshold l0.</summary>
    /// <param name="options">Valid options of a method with learned thresholds.</param>
    public static double Mean(PosteriorOptions options) => options.GammaPriorMatch == GammaPriorMatch.Threshold
        ? options.ThresholdValue
        : MeanOfEqualActivity(options.Family, options.PriorSpread, options.GammaPriorShape, options.ThresholdValue);

    /// <summary>
    /// The mean m at which thresholds from Gamma(alpha0, alpha0/m) leave the same fraction f of the prior's features active as the fixed threshold l0.
    /// Laplacian: m = alpha0 b0 (f^(-1/alpha0) - 1) with f = exp(-l0/b0). Gaussian: E 2(1 - Phi(l/s0)) = f = 2(1 - Phi(l0/s0)) is solved for m.
    /// </summary>
    /// <param name="family">Gaussian or Laplacian.</param>
    /// <param name="priorSpread">The variance s0^2 of a Gaussian, the scale b0 of a Laplacian; above 0.</param>
    /// <param name="priorShape">alpha0, at least <see cref="SmallestShape"/>.</param>
    /// <param name="threshold">l0, above 0.</param>
    /// <returns>m, at least l0; infinity where no double is large enough.</returns>
    /// <exception cref="ArgumentException">The family has no threshold, or a number is out of its range.</exception>
    public static double MeanOfEqualActivity(PosteriorFamily family, double priorSpread, double priorShape, double threshold)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(priorSpread);
        ArgumentOutOfRangeException.ThrowIfLessThan(priorShape, SmallestShape);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threshold);
        return family switch
        {
            PosteriorFamily.Laplacian => priorShape * priorSpread * SpecialFunctions.ExpM1(threshold / (priorShape * priorSpread)),
            PosteriorFamily.Gaussian => Math.Sqrt(2 * priorSpread) * GaussianMean(priorShape, threshold / Math.Sqrt(2 * priorSpread)),
            _ => throw new ArgumentException($"'{family}' has no threshold.", nameof(family)),
        };
    }

    /// <summary>Solves E erfc(l) = erfc(threshold) by bisection over the logarithm of m; the mean over l falls as its scale grows.</summary>
    private static double GaussianMean(double shape, double threshold)
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
