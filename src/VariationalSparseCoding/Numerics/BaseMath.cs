using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Numerics;

/// <summary>
/// The functions that turn random words into base samples. The single-precision forms use only operations that are exactly rounded on every machine, in a fixed order,
/// so their bits do not depend on the width of its vectors; their polynomials are minimax fits of this project.
/// </summary>
internal static class BaseMath
{
    public const uint SignBit = 0x80000000;

    /// <summary>The low 31 bits as a tail probability: (bits + 1/2) 2^-31, in (0, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> TailProbability(Vector512<uint> words) =>
        Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle((words & Vector512.Create(~SignBit)).AsInt32()), Vector512.Create(1f / (1u << 31)), Vector512.Create(0.5f / (1u << 31)));

    /// <summary>The low 31 bits as a tail probability: (bits + 1/2) 2^-31, in (0, 1).</summary>
    public static double TailProbability(uint word) => ((word & ~SignBit) + 0.5) / (1u << 31);

    /// <summary>Gives a magnitude the word's top bit as its sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> WithSign(Vector512<float> magnitude, Vector512<uint> words) =>
        (magnitude.AsUInt32() | (words & Vector512.Create(SignBit))).AsSingle();

    /// <summary>Gives a magnitude the word's top bit as its sign.</summary>
    public static double WithSign(double magnitude, uint word) => (word & SignBit) == 0 ? magnitude : -magnitude;

    /// <summary>-log(v) for normal v > 0, to a relative error of 1e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> NegativeLog(Vector512<float> v)
    {
        // v = 2^e (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)); log(1 + f) = f - f^2/2 + f^3 P(f).
        Vector512<int> bits = v.AsInt32(), exponent = (bits - Vector512.Create(SquareRootOfHalfBits)) >> 23;
        Vector512<float> e = Vector512.ConvertToSingle(exponent), f = (bits - (exponent << 23)).AsSingle() - Vector512<float>.One, square = f * f;
        Vector512<float> p = Vector512.Create(0.0762981027f);
        p = MultiplyAdd(p, f, -0.127540931f);
        p = MultiplyAdd(p, f, 0.13158381f);
        p = MultiplyAdd(p, f, -0.142027855f);
        p = MultiplyAdd(p, f, 0.166236803f);
        p = MultiplyAdd(p, f, -0.200011909f);
        p = MultiplyAdd(p, f, 0.250008106f);
        p = MultiplyAdd(p, f, -0.333333313f);
        Vector512<float> small = Vector512.FusedMultiplyAdd(p, square * f, e * Vector512.Create(-Log2Low));
        return Vector512.FusedMultiplyAdd(e, Vector512.Create(-Log2High), Vector512.FusedMultiplyAdd(square, Vector512.Create(0.5f), small) - f);
    }

    /// <summary>-Phi^-1(v/2), the size that a standard normal variate exceeds with probability v in (0, 1], to a relative error of about 1e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> NormalMagnitude(Vector512<float> v)
    {
        // With x = 1 - v: sqrt(2) erfinv(x) / x is smooth in w = -log(1 - x^2); in the tail the magnitude itself is smooth in sqrt(w).
        Vector512<float> w = NegativeLog(Vector512.FusedMultiplyAdd(-v, v, v + v)), ratio = Vector512.Create(-1.24538042e-8f);
        ratio = MultiplyAdd(ratio, w, 3.13123849e-7f);
        ratio = MultiplyAdd(ratio, w, -2.80089421e-6f);
        ratio = MultiplyAdd(ratio, w, 5.66698282e-6f);
        ratio = MultiplyAdd(ratio, w, 6.29055066e-5f);
        ratio = MultiplyAdd(ratio, w, -0.000180029703f);
        ratio = MultiplyAdd(ratio, w, -0.00330152176f);
        ratio = MultiplyAdd(ratio, w, 0.0163324941f);
        ratio = MultiplyAdd(ratio, w, 0.328117013f);
        ratio = MultiplyAdd(ratio, w, 1.25331414f);
        Vector512<float> magnitude = ratio * (Vector512<float>.One - v), inTail = Vector512.GreaterThan(w, Vector512.Create(5f));
        return inTail == Vector512<float>.Zero ? magnitude : Vector512.ConditionalSelect(inTail, TailMagnitude(w), magnitude);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> TailMagnitude(Vector512<float> w)
    {
        Vector512<float> t = Vector512.Sqrt(w) - Vector512.Create(3f), magnitude = Vector512.Create(-1.29237396e-5f);
        magnitude = MultiplyAdd(magnitude, t, 6.2855921e-5f);
        magnitude = MultiplyAdd(magnitude, t, -6.74786934e-5f);
        magnitude = MultiplyAdd(magnitude, t, -0.00029325168f);
        magnitude = MultiplyAdd(magnitude, t, 0.00161882164f);
        magnitude = MultiplyAdd(magnitude, t, -0.00487847859f);
        magnitude = MultiplyAdd(magnitude, t, 0.00967837777f);
        magnitude = MultiplyAdd(magnitude, t, 1.41797924f);
        return MultiplyAdd(magnitude, t, 4.00618696f);
    }

    /// <summary>-Phi^-1(v/2) for v in [2^-32, 1], to a relative error of 1e-15: Wichura, Algorithm AS 241 (1988), PPND16 without its farthest tail.</summary>
    public static double NormalMagnitude(double v)
    {
        double half = (1 - v) / 2;
        if (half <= 0.425)
        {
            double square = 0.180625 - half * half;
            return half * Polynomial(CentralNumerator, square) / Polynomial(CentralDenominator, square);
        }
        double root = Math.Sqrt(-Math.Log(v / 2)) - 1.6;
        return Polynomial(TailNumerator, root) / Polynomial(TailDenominator, root);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> MultiplyAdd(Vector512<float> sum, Vector512<float> x, float coefficient) => Vector512.FusedMultiplyAdd(sum, x, Vector512.Create(coefficient));

    /// <summary>A polynomial, highest coefficient first.</summary>
    private static double Polynomial(ReadOnlySpan<double> coefficients, double x)
    {
        double sum = 0;
        foreach (double coefficient in coefficients) sum = sum * x + coefficient;
        return sum;
    }

    private const int SquareRootOfHalfBits = 0x3f3504f3;
    // log 2 in two parts: the first has few enough bits that its product with an exponent is exact.
    private const float Log2High = 0.693359375f, Log2Low = -2.12194440e-4f;

    private static ReadOnlySpan<double> CentralNumerator =>
        [2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080];

    private static ReadOnlySpan<double> CentralDenominator =>
        [5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1];

    private static ReadOnlySpan<double> TailNumerator =>
        [7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258, 3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734];

    private static ReadOnlySpan<double> TailDenominator =>
        [1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940, 2.05319162663775882187, 1];
}
