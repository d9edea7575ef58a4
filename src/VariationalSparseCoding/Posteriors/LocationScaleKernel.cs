using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Posteriors;

/// <summary>How the derivatives of a thresholded draw pass the threshold (docs/mathematics.md section 3.4).</summary>
/// <param name="OnlyActive">Whether inactive features have no derivative: the subgradient.</param>
/// <param name="ActiveShiftTwice">Whether the derivative by the shift is 2 where active: the published straight-through estimator.</param>
/// <param name="GrowthByLogScale">How many times itself a deviation grows per unit of the scale's head.</param>
internal readonly record struct EstimatorRule(bool OnlyActive, bool ActiveShiftTwice, float GrowthByLogScale);

/// <summary>The KL's part of a loss.</summary>
/// <param name="PriorSpread">The prior's variance or scale.</param>
/// <param name="Weight">dL/dKL.</param>
internal readonly record struct KlTerm(float PriorSpread, float Weight);

/// <summary>The draws of one input and the gradients of their codes.</summary>
internal readonly ref struct ThresholdedLines
{
    /// <summary>What multiplies the noise, [d].</summary>
    public required ReadOnlySpan<float> Scale { get; init; }

    /// <summary>l, one line for each draw, [J, d], or one for all, [d], or empty.</summary>
    public required ReadOnlySpan<float> Threshold { get; init; }

    /// <summary>Standard noise, [J, d].</summary>
    public required ReadOnlySpan<float> Noise { get; init; }

    /// <summary>dL/dz, [J, d].</summary>
    public required ReadOnlySpan<float> CodeGradients { get; init; }
}

/// <summary>Codes z of draws mu + scale noise, thresholded by eq. (2) or as they are, and their pullbacks. An empty threshold means none.</summary>
internal static class LocationScaleKernel
{
    /// <summary>The one rule of activity, |s - mu| > l: all bits set where it holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Active(Vector512<float> deviation, Vector512<float> threshold) => Vector512.GreaterThan(Vector512.Abs(deviation), threshold);

    /// <summary>mu + sign(s - mu) (|s - mu| - l), for active features.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Shrunk(Vector512<float> shift, Vector512<float> deviation, Vector512<float> threshold) =>
        shift + BaseMath.WithSign(Vector512.Abs(deviation) - threshold, deviation.AsUInt32());

    /// <summary>The code of one draw from its noise.</summary>
    /// <param name="shift">mu, [d].</param>
    /// <param name="scale">What multiplies the noise, [d].</param>
    /// <param name="threshold">l, [d], at least 0; or empty.</param>
    /// <param name="noise">Standard noise, [d].</param>
    /// <param name="codes">Receives z, [d].</param>
    public static void Codes(ReadOnlySpan<float> shift, ReadOnlySpan<float> scale, ReadOnlySpan<float> threshold, ReadOnlySpan<float> noise, Span<float> codes)
    {
        for (int i = 0; i < codes.Length; i += Lanes.Count)
        {
            Vector512<float> mu = Lanes.Load(shift, i), deviation = Lanes.Load(scale, i) * Lanes.Load(noise, i);
            if (threshold.IsEmpty) Lanes.Store(mu + deviation, codes, i);
            else
            {
                Vector512<float> limit = Lanes.Load(threshold, i);
                Lanes.Store(Active(deviation, limit) & Shrunk(mu, deviation, limit), codes, i);
            }
        }
    }

    /// <summary>The active features of one draw: where <see cref="Codes"/> is not 0.</summary>
    /// <param name="shift">mu, [d].</param>
    /// <param name="scale">What multiplies the noise, [d].</param>
    /// <param name="threshold">l, [d], at least 0.</param>
    /// <param name="noise">Standard noise, [d].</param>
    /// <param name="code">Receives them.</param>
    public static void SparseCodes(ReadOnlySpan<float> shift, ReadOnlySpan<float> scale, ReadOnlySpan<float> threshold, ReadOnlySpan<float> noise, SparseCode code)
    {
        code.Clear();
        // Missing lanes have scale and threshold 0 and are not active.
        for (int i = 0; i < shift.Length; i += Lanes.Count)
        {
            Vector512<float> deviation = Lanes.Load(scale, i) * Lanes.Load(noise, i), limit = Lanes.Load(threshold, i);
            code.Add(Shrunk(Lanes.Load(shift, i), deviation, limit), Active(deviation, limit), i);
        }
    }

    /// <summary>From dL/dz of the draws of one input to the gradients of shift and scale, the KL's part included.</summary>
    /// <typeparam name="TDivergence">The KL.</typeparam>
    /// <param name="rule">The gradient estimator.</param>
    /// <param name="heads">The heads' outputs.</param>
    /// <param name="lines">The draws.</param>
    /// <param name="kl">The prior and the KL's weight.</param>
    /// <param name="gradients">Receives dL/dmu and dL/dh, [d] each.</param>
    /// <returns>The KL, summed over features.</returns>
    public static float Pullback<TDivergence>(EstimatorRule rule, in HeadRows heads, in ThresholdedLines lines, KlTerm kl, in HeadGradientRows gradients)
        where TDivergence : IDivergence
    {
        ReadOnlySpan<float> shift = heads.Shift, logScale = heads.Scale, scale = lines.Scale, threshold = lines.Threshold, noise = lines.Noise, codeGradients = lines.CodeGradients;
        int features = shift.Length;
        float divergence = 0;
        for (int i = 0; i < features; i += Lanes.Count)
        {
            var (value, byShift, byScale) = TDivergence.At(Lanes.Load(shift, i), Lanes.Load(logScale, i), kl.PriorSpread);
            divergence += Lanes.Sum(value, features - i);
            Vector512<float> width = Lanes.Load(scale, i), toShift = Vector512.Create(kl.Weight) * byShift, toScale = Vector512<float>.Zero;
            for (int line = 0; line < noise.Length; line += features)
            {
                Vector512<float> gradient = Lanes.Load(codeGradients.Slice(line, features), i), deviation = width * Lanes.Load(noise.Slice(line, features), i);
                if (!threshold.IsEmpty)
                {
                    Vector512<float> active = Active(deviation, Lanes.Load(threshold.Length == features ? threshold : threshold.Slice(line, features), i));
                    if (rule.ActiveShiftTwice) toShift += active & gradient;
                    if (rule.OnlyActive) gradient &= active;
                }
                toShift += gradient;
                toScale += gradient * deviation;
            }
            Lanes.Store(toShift, gradients.Shift, i);
            Lanes.Store(toScale * Vector512.Create(rule.GrowthByLogScale) + Vector512.Create(kl.Weight) * byScale, gradients.Scale, i);
        }
        return divergence;
    }

    /// <summary>The KL of each feature to the fixed prior.</summary>
    /// <typeparam name="TDivergence">The KL.</typeparam>
    /// <param name="heads">The heads' outputs.</param>
    /// <param name="priorSpread">The prior's variance or scale.</param>
    /// <param name="divergences">Receives the KL, [d].</param>
    public static void Divergences<TDivergence>(in HeadRows heads, float priorSpread, Span<float> divergences) where TDivergence : IDivergence
    {
        for (int i = 0; i < divergences.Length; i += Lanes.Count)
            Lanes.Store(TDivergence.At(Lanes.Load(heads.Shift, i), Lanes.Load(heads.Scale, i), priorSpread).Value, divergences, i);
    }
}
