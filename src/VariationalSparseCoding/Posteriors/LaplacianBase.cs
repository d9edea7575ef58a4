using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Posteriors;

/// <summary>Laplace(mu, b = e^h) with the prior Laplace(0, b0).</summary>
internal readonly struct LaplacianBase : IBaseDistribution
{
    public static bool HeadIsLogVariance => false;

    public static void Fill(NoiseKey key, uint row, int draw, Span<float> noise) => CounterNoise.FillLine<LaplaceVariate, float>(key, NoiseStreams.Base, row, draw, noise);

    public static float Reach => 6;

    public static float Density(float noise) => 0.5f * MathF.Exp(-Math.Abs(noise));

    public static double Upper(double noise) => noise > 0 ? 0.5 * Math.Exp(-noise) : 1 - 0.5 * Math.Exp(noise);

    public static double Tail(double logScale, double threshold) => Math.Exp(-threshold * Math.Exp(-logScale));

    public static double Tail(double logScale, double shape, double rate) => Math.Exp(-shape * SpecialFunctions.LogP1(Math.Exp(-logScale) / rate));

    /// <summary>KL(Laplace(mu, b) || Laplace(0, b0)) = |mu|/b0 + (b/b0) exp(-|mu|/b) + log(b0/b) - 1.</summary>
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Value, Vector512<float> ByShift, Vector512<float> ByScale) At(Vector512<float> shift, Vector512<float> logScale, float priorSpread)
    {
        Vector512<float> one = Vector512<float>.One, spread = Vector512.Create(priorSpread);
        Vector512<float> scale = Vector512.Exp(logScale), distance = Vector512.Abs(shift), ratio = distance / scale, decay = Vector512.Exp(-ratio);
        Vector512<float> shrunk = scale / spread * decay;
        Vector512<float> value = distance / spread + shrunk + Vector512.Create(MathF.Log(priorSpread)) - logScale - one;
        // At a shift of 0 the derivative is 0, whichever sign.
        Vector512<float> byShift = BaseMath.WithSign((one - decay) / spread, shift.AsUInt32());
        return (value, byShift, shrunk * (one + ratio) - one);
    }
}
