using System.Runtime.Intrinsics;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Posteriors;

/// <summary>KL of a base distribution to its prior, per feature, with its derivatives (docs/mathematics.md section 3.7).</summary>
internal interface IDivergence
{
    /// <summary>The KL, and its derivatives by the shift and by the scale's head.</summary>
    /// <param name="shift">mu.</param>
    /// <param name="logScale">h.</param>
    /// <param name="priorSpread">The prior's spread, such as s0^2 or b0; the prior's h is its logarithm.</param>
    static abstract (Vector512<float> Value, Vector512<float> ByShift, Vector512<float> ByScale) At(Vector512<float> shift, Vector512<float> logScale, float priorSpread);
}

/// <summary>
/// A base distribution of <see cref="LocationScaleRows{TBase}"/>, s = mu + scale e with noise e that is symmetric about 0: its noise, its tails and its KL
/// (docs/mathematics.md sections 3.3 and 3.7).
/// </summary>
internal interface IBaseDistribution : IDivergence
{
    /// <summary>Whether the scale is exp(h/2), which has no warm-up; else it is exp(h), which has one.</summary>
    static abstract bool HeadIsLogVariance { get; }

    /// <summary>Draws the noise e of a line.</summary>
    /// <param name="key">The noise's key.</param>
    /// <param name="row">The row of the input's noise.</param>
    /// <param name="draw">The number of the draw.</param>
    /// <param name="noise">Receives it, [d].</param>
    static abstract void Fill(NoiseKey key, uint row, int draw, Span<float> noise);

    /// <summary>How far from 0 noise is looked at where it is cut off: beyond, there are about 3 of 1,000. Only families with a threshold around zero need it.</summary>
    static virtual float Reach => throw new NotSupportedException("This base distribution has no threshold around zero.");

    /// <summary>The noise's density; only families with a threshold around zero need it.</summary>
    /// <param name="noise">e.</param>
    static virtual float Density(float noise) => throw new NotSupportedException("This base distribution has no threshold around zero.");

    /// <summary>P(e > x); only families with a threshold around zero need it.</summary>
    /// <param name="noise">x.</param>
    static virtual double Upper(double noise) => throw new NotSupportedException("This base distribution has no threshold around zero.");

    /// <summary>P(|s - mu| > l).</summary>
    /// <param name="logScale">h.</param>
    /// <param name="threshold">l, above 0.</param>
    static abstract double Tail(double logScale, double threshold);

    /// <summary>P(|s - mu| > l) under l ~ Gamma(shape, rate); only families with learned thresholds need it.</summary>
    /// <param name="logScale">h.</param>
    /// <param name="shape">alpha.</param>
    /// <param name="rate">beta.</param>
    static virtual double Tail(double logScale, double shape, double rate) => throw new NotSupportedException("This base distribution has no learned thresholds.");
}
