using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.Posteriors;

/// <summary>Cauchy(mu, g = e^h) with the prior Cauchy(0, g0).</summary>
internal readonly struct CauchyBase : IBaseDistribution
{
    public static bool HeadIsLogVariance => false;

    public static void Fill(NoiseKey key, uint row, int draw, Span<float> noise) => CounterNoise.FillLine<CauchyVariate, float>(key, NoiseStreams.Base, row, draw, noise);

    public static double Tail(double logScale, double threshold) => 2 / Math.PI * Math.Atan(Math.Exp(logScale) / threshold);

    /// <summary>KL(Cauchy(mu, g) || Cauchy(0, g0)) = log [((g + g0)^2 + mu^2) / (4 g g0)] (Chyzak and Nielsen, 2019).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Value, Vector512<float> ByShift, Vector512<float> ByScale) At(Vector512<float> shift, Vector512<float> logScale, float priorSpread)
    {
        Vector512<float> scale = Vector512.Exp(logScale), sum = scale + Vector512.Create(priorSpread), square = sum * sum + shift * shift, two = Vector512.Create(2f);
        Vector512<float> value = Vector512.Log(square) - logScale - Vector512.Create(MathF.Log(4 * priorSpread));
        return (value, two * shift / square, two * scale * sum / square - Vector512<float>.One);
    }
}

/// <summary>
/// Standard Cauchy; its magnitude is cot(pi v/2) of the tail probability v, floored at 1/16: draws beyond 10.15 are held there. Without a floor they have no mean, and single
/// ones ruin a step.
/// </summary>
internal readonly struct CauchyVariate : IVariate
{
    public const float TailFloor = 1 / 16f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FromWords(Vector512<uint> words)
    {
        // With t = tan(pi v/4) by Lambert's continued fraction, the cotangent is (1 - t^2)/(2t). Noise has the same bits on every machine, so it is made of exactly rounded operations.
        Vector512<float> x = Vector512.Create(MathF.PI / 4) * Vector512.MaxNative(BaseMath.TailProbability(words), Vector512.Create(TailFloor)), square = x * x;
        Vector512<float> fraction = Vector512.Create(9f);
        for (int odd = 7; odd >= 1; odd -= 2) fraction = Vector512.Create((float)odd) - square / fraction;
        Vector512<float> t = x / fraction;
        return BaseMath.WithSign(Vector512.Abs(Vector512<float>.One - t * t) / (t + t), words);
    }

    public static double FromWord(uint word) => BaseMath.WithSign(1 / Math.Tan(Math.PI / 2 * Math.Max(BaseMath.TailProbability(word), TailFloor)), word);
}
