using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Posteriors;

/// <summary>N(mu, e^h) with the prior N(0, s0^2).</summary>
internal readonly struct GaussianBase : IBaseDistribution
{
    public static bool HeadIsLogVariance => true;

    public static void Fill(NoiseKey key, uint row, int draw, Span<float> noise) => CounterNoise.FillLine<NormalVariate, float>(key, NoiseStreams.Base, row, draw, noise);

    public static float Reach => 3;

    public static float Density(float noise) => MathF.Exp(-0.5f * noise * noise) / MathF.Sqrt(2 * MathF.PI);

    public static double Upper(double noise) => 0.5 * SpecialFunctions.Erfc(noise / Math.Sqrt(2));

    public static double Tail(double logScale, double threshold) => SpecialFunctions.Erfc(Math.Exp(-0.5 * logScale) * threshold / Math.Sqrt(2));

    public static double Tail(double logScale, double shape, double rate) => GammaTail.MeanErfc(shape, shape / rate * Math.Exp(-0.5 * logScale) / Math.Sqrt(2));

    /// <summary>KL(N(mu, e^h) || N(0, s0^2)) = 1/2 [(mu^2 + e^h)/s0^2 - 1 - h + log s0^2].</summary>
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Value, Vector512<float> ByShift, Vector512<float> ByScale) At(Vector512<float> shift, Vector512<float> logScale, float priorSpread)
    {
        Vector512<float> one = Vector512<float>.One, half = Vector512.Create(0.5f), spread = Vector512.Create(priorSpread);
        Vector512<float> variance = Vector512.Exp(logScale);
        Vector512<float> value = half * ((shift * shift + variance) / spread - one - logScale + Vector512.Create(MathF.Log(priorSpread)));
        return (value, shift / spread, half * (variance / spread - one));
    }
}
