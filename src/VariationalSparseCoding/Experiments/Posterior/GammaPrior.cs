namespace VariationalSparseCoding.Experiments;

/// <summary>The scale of a learned threshold's prior Gamma(alpha0, rate alpha0/m), m its mean (docs/mathematics.md sections 3.7 and 12).</summary>
internal static class GammaPrior
{
    /// <summary>The least shape for which a mean of equal activity is sought.</summary>
    public const double SmallestShape = 0.01;

    /// <summary>Returns the prior's mean m: l0, or the mean that keeps as many features active as a fixed threshold l0.</summary>
    /// <param name="options">Valid options of a method with learned thresholds.</param>
    public static double Mean(PosteriorOptions options) => options.GammaPriorMatch == GammaPriorMatch.Threshold
        ? options.ThresholdValue
        : MeanOfEqualActivity(options.Family, options.PriorSpread, options.GammaPriorShape, options.ThresholdValue);

    /// <summary>
    /// Returns the mean m at which thresholds from Gamma(alpha0, alpha0/m) leave the same fraction of the prior's features active as the fixed threshold l0.
    /// </summary>
    /// <param name="family">A family with thresholds.</param>
    /// <param name="priorSpread">The spread as the family counts it, such as the variance s0^2 of a Gaussian or the scale b0 of a Laplacian; above 0.</param>
    /// <param name="priorShape">alpha0, at least <see cref="SmallestShape"/>.</param>
    /// <param name="threshold">l0, above 0.</param>
    /// <returns>m, at least l0; infinity where no double is large enough.</returns>
    /// <exception cref="ArgumentException">The family has no threshold, or a number is out of its range.</exception>
    public static double MeanOfEqualActivity(MethodFamily family, double priorSpread, double priorShape, double threshold)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(priorSpread);
        ArgumentOutOfRangeException.ThrowIfLessThan(priorShape, SmallestShape);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threshold);
        return family.MeanThreshold(priorSpread, priorShape, threshold);
    }
}
