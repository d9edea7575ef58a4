using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Posteriors;

/// <summary>The prior Gamma(shape, rate) of learned thresholds, and the weight of their KL.</summary>
/// <param name="Shape">alpha0.</param>
/// <param name="Rate">beta0.</param>
/// <param name="KlFactor">The weight beside the base distribution's KL.</param>
internal readonly record struct GammaThresholdPrior(double Shape, double Rate, double KlFactor);

/// <summary>One input's Gamma posterior of its thresholds.</summary>
internal readonly ref struct GammaRow
{
    /// <summary>alpha, [d].</summary>
    public required ReadOnlySpan<float> Shape { get; init; }

    /// <summary>beta, [d].</summary>
    public required ReadOnlySpan<float> Rate { get; init; }
}

/// <summary>Gradients of learned thresholds l ~ Gamma(alpha, beta) (docs/mathematics.md sections 3.4 and 3.7).</summary>
internal static class GammaThresholdKernel
{
    // The exponentials of the heads are clamped to this range; at its ends their gradient is 0.
    public const float Smallest = 1e-6f, Largest = 1e6f;

    /// <summary>From dL/dz of the draws of one input to dL/dlog alpha and dL/dlog beta, the KL's part included: dz/dl = -sign(s - mu) where active.</summary>
    /// <param name="row">The input's Gamma posterior.</param>
    /// <param name="prior">The prior.</param>
    /// <param name="lines">The draws, each with its thresholds l, [J, d].</param>
    /// <param name="klWeight">dL/dKL.</param>
    /// <param name="gradients">Receives dL/dlog alpha and dL/dlog beta, [d] each.</param>
    /// <returns>The weighted KL, summed over features.</returns>
    public static float Pullback(in GammaRow row, GammaThresholdPrior prior, in ThresholdedLines lines, float klWeight, in HeadGradientRows gradients)
    {
        ReadOnlySpan<float> shape = row.Shape, rate = row.Rate, scale = lines.Scale, threshold = lines.Threshold, noise = lines.Noise, codeGradients = lines.CodeGradients;
        double divergence = 0;
        for (int i = 0; i < shape.Length; i++)
        {
            double a = shape[i], b = rate[i];
            var (value, byShape, byRate) = Divergence(a, b, prior);
            divergence += value;
            byShape *= klWeight * prior.KlFactor;
            byRate *= klWeight * prior.KlFactor;
            for (int line = i; line < noise.Length; line += shape.Length)
            {
                float deviation = scale[i] * noise[line];
                if (!(MathF.Abs(deviation) > threshold[line])) continue;
                double byThreshold = -MathF.Sign(deviation) * codeGradients[line];
                byShape += byThreshold * GammaDerivative.At(threshold[line] * b, a) / b;
                byRate -= byThreshold * threshold[line] / b;
            }
            gradients.LogShape[i] = a is > Smallest and < Largest ? (float)(byShape * a) : 0;
            gradients.LogRate[i] = b is > Smallest and < Largest ? (float)(byRate * b) : 0;
        }
        return (float)(divergence * prior.KlFactor);
    }

    /// <summary>KL(Gamma(alpha, beta) || Gamma(alpha0, beta0)) and its derivatives by alpha and beta.</summary>
    /// <param name="shape">alpha.</param>
    /// <param name="rate">beta.</param>
    /// <param name="prior">The prior.</param>
    public static (double Value, double ByShape, double ByRate) Divergence(double shape, double rate, GammaThresholdPrior prior)
    {
        double value = (shape - prior.Shape) * SpecialFunctions.Digamma(shape) - SpecialFunctions.LogGamma(shape) + SpecialFunctions.LogGamma(prior.Shape)
            + prior.Shape * Math.Log(rate / prior.Rate) + shape * (prior.Rate - rate) / rate;
        return (value, (shape - prior.Shape) * SpecialFunctions.Trigamma(shape) + prior.Rate / rate - 1, (prior.Shape - shape * prior.Rate / rate) / rate);
    }
}
