using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Kernels;

/// <summary>How the derivatives of a thresholded sample pass the threshold (SPEC section 3.4).</summary>
/// <param name="OnlyActive">Whether inactive features have no derivative: the subgradient.</param>
/// <param name="ActiveShiftTwice">Whether the derivative by the shift is 2 where active: the published straight-through estimator.</param>
/// <param name="GrowthByLogScale">How many times itself a deviation grows per unit of the scale's head.</param>
internal readonly record struct EstimatorRule(bool OnlyActive, bool ActiveShiftTwice, float GrowthByLogScale);

/// <summary>Codes z of samples mu + scale noise, thresholded by eq. (2) or as they are, and their pullbacks. An empty threshold means none.</summary>
internal static class LocationScaleKernel
{
    /// <summary>The one rule of activity, |s - mu| > l: all bits set where it holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Active(Vector512<float> deviation, Vector512<float> threshold) => Vector512.GreaterThan(Vector512.Abs(deviation), threshold);

    /// <summary>mu + sign(s - mu) (|s - mu| - l), for active features.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Shrunk(Vector512<float> shift, Vector512<float> deviation, Vector512<float> threshold) =>
        shift + BaseMath.WithSign(Vector512.Abs(deviation) - threshold, deviation.AsUInt32());

    /// <summary>The code of one sample from its noise.</summary>
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

    /// <summary>The active features of one sample, its noise drawn on the way: the same codes as those of <see cref="Codes"/> from <see cref="CounterNoise"/>.</summary>
    /// <typeparam name="TVariate">The base distribution.</typeparam>
    /// <param name="key">The noise's key.</param>
    /// <param name="row">The noise's row.</param>
    /// <param name="sample">The noise's sample.</param>
    /// <param name="shift">mu, [d].</param>
    /// <param name="scale">What multiplies the noise, [d].</param>
    /// <param name="threshold">l, [d], at least 0.</param>
    /// <param name="code">Receives the active features.</param>
    public static void SparseCodes<TVariate>(NoiseKey key, int row, int sample, ReadOnlySpan<float> shift, ReadOnlySpan<float> scale, ReadOnlySpan<float> threshold, SparseCode code)
        where TVariate : IVariate
    {
        uint address = Philox.Address(key.Purpose, 0, sample);
        code.Clear();
        for (int group = 0, i = 0; i < shift.Length; group++)
        {
            var (words0, words1, words2, words3) = Philox.GroupWords((uint)group, address, (uint)row, key.Step, key.Seed);
            ReadOnlySpan<Vector512<uint>> words = [words0, words1, words2, words3];
            for (int word = 0; word < words.Length && i < shift.Length; word++, i += Lanes.Count)
            {
                // Missing lanes have scale and threshold 0 and are not active.
                Vector512<float> deviation = Lanes.Load(scale, i) * TVariate.FromWords(words[word]), limit = Lanes.Load(threshold, i);
                ulong active = Active(deviation, limit).ExtractMostSignificantBits();
                if (active != 0) code.Add(Shrunk(Lanes.Load(shift, i), deviation, limit), active, i);
            }
        }
    }

    /// <summary>From dL/dz of the samples of one input to dL/dmu and dL/dh, the KL's part included.</summary>
    /// <typeparam name="TDivergence">The KL.</typeparam>
    /// <param name="rule">The gradient estimator.</param>
    /// <param name="shift">mu, [d].</param>
    /// <param name="logScale">h, [d].</param>
    /// <param name="scale">What multiplies the noise, [d].</param>
    /// <param name="threshold">l, one line for each sample, or one for all, or empty.</param>
    /// <param name="noise">Standard noise, [J, d].</param>
    /// <param name="codeGradients">dL/dz, [J, d].</param>
    /// <param name="priorSpread">The prior's variance or scale.</param>
    /// <param name="klWeight">dL/dKL.</param>
    /// <param name="shiftGradient">Receives dL/dmu, [d].</param>
    /// <param name="scaleGradient">Receives dL/dh, [d].</param>
    /// <returns>The KL, summed over features.</returns>
    public static float Pullback<TDivergence>(
        EstimatorRule rule, ReadOnlySpan<float> shift, ReadOnlySpan<float> logScale, ReadOnlySpan<float> scale, ReadOnlySpan<float> threshold, ReadOnlySpan<float> noise,
        ReadOnlySpan<float> codeGradients, float priorSpread, float klWeight, Span<float> shiftGradient, Span<float> scaleGradient)
        where TDivergence : IDivergence
    {
        int features = shift.Length;
        float divergence = 0;
        for (int i = 0; i < features; i += Lanes.Count)
        {
            var (value, byShift, byScale) = TDivergence.At(Lanes.Load(shift, i), Lanes.Load(logScale, i), priorSpread);
            divergence += Lanes.Sum(value, features - i);
            Vector512<float> width = Lanes.Load(scale, i), toShift = Vector512.Create(klWeight) * byShift, toScale = Vector512<float>.Zero;
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
            Lanes.Store(toShift, shiftGradient, i);
            Lanes.Store(toScale * Vector512.Create(rule.GrowthByLogScale) + Vector512.Create(klWeight) * byScale, scaleGradient, i);
        }
        return divergence;
    }
}
