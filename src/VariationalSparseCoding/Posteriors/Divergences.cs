using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Posteriors;

/// <summary>KL of a base distribution to its prior, per feature, with its derivatives (docs/mathematics.md section 3.7).</summary>
internal interface IDivergence
{
    /// <summary>The KL, and its derivatives by the shift and by the scale's head.</summary>
    /// <param name="shift">mu.</param>
    /// <param name="logScale">h.</param>
    /// <param name="priorSpread">s0^2 or b0.</param>
    static abstract (Vector512<float> Value, Vector512<float> ByShift, Vector512<float> ByScale) At(Vector512<float> shift, Vector512<float> logScale, float priorSpread);
}

/// <summary>KL(N(mu, e^h) || N(0, s0^2)) = 1/2 [(mu^2 + e^h)/s0^2 - 1 - h + log s0^2].</summary>
internal readonly struct GaussianDivergence : IDivergence
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Value, Vector512<float> ByShift, Vector512<float> ByScale) At(Vector512<float> shift, Vector512<float> logScale, float priorSpread)
    {
        Vector512<float> one = Vector512<float>.One, half = Vector512.Create(0.5f), spread = Vector512.Create(priorSpread);
        Vector512<float> variance = Vector512.Exp(logScale);
        Vector512<float> value = half * ((shift * shift + variance) / spread - one - logScale + Vector512.Create(MathF.Log(priorSpread)));
        return (value, shift / spread, half * (variance / spread - one));
    }
}

/// <summary>KL(Laplace(mu, b = e^h) || Laplace(0, b0)) = |mu|/b0 + (b/b0) exp(-|mu|/b) + log(b0/b) - 1.</summary>
internal readonly struct LaplaceDivergence : IDivergence
{
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
