using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Tests.Kernels;

/// <summary>The single-precision variates one number at a time: what every lane must equal bit for bit, on any machine.</summary>
internal static class ScalarVariates
{
    public static float Laplace(uint word) => WithSign(NegativeLog(MathF.Max(TailProbability(word), 1e-6f)), word);

    public static float Normal(uint word) => WithSign(NormalMagnitude(TailProbability(word)), word);

    public static float Uniform(uint word) => MathF.Min(MathF.FusedMultiplyAdd(word, 1 / 4294967296f, 0.5f / 4294967296f), MathF.BitDecrement(1));

    /// <summary>The word of a feature, by the documented layout.</summary>
    public static uint Word(NoiseKey key, int stream, int row, int sample, int feature)
    {
        var (w0, w1, w2, w3) = Philox.Words(
            (uint)(16 * (feature / 64) + feature % 16), (uint)key.Purpose | ((uint)stream << 8) | ((uint)sample << 16), (uint)row, key.Step, key.Seed);
        return (feature % 64 / 16) switch { 0 => w0, 1 => w1, 2 => w2, _ => w3 };
    }

    private static float TailProbability(uint word) => MathF.FusedMultiplyAdd((int)(word & 0x7fffffff), 1 / 2147483648f, 0.5f / 2147483648f);

    private static float WithSign(float magnitude, uint word) => word >= 0x80000000 ? -magnitude : magnitude;

    private static float NegativeLog(float v)
    {
        int bits = BitConverter.SingleToInt32Bits(v), exponent = (bits - 0x3f3504f3) >> 23;
        float e = exponent, f = BitConverter.Int32BitsToSingle(bits - (exponent << 23)) - 1, square = f * f;
        float p = Polynomial(f, 0.0762981027f, -0.127540931f, 0.13158381f, -0.142027855f, 0.166236803f, -0.200011909f, 0.250008106f, -0.333333313f);
        float small = MathF.FusedMultiplyAdd(p, square * f, e * 2.12194440e-4f);
        return MathF.FusedMultiplyAdd(e, -0.693359375f, MathF.FusedMultiplyAdd(square, 0.5f, small) - f);
    }

    private static float NormalMagnitude(float v)
    {
        float w = NegativeLog(MathF.FusedMultiplyAdd(-v, v, v + v));
        float ratio = w > 6
            ? Polynomial(MathF.Sqrt(w) - 3.5f, 3.93960545e-5f, -0.000282253954f, 0.000691187568f, -0.00100754888f, 0.00150700635f, -0.00290109101f, 0.00464118831f, 1.42463315f, 4.7170887f)
            : Polynomial(w - 3, -8.23477286e-9f, -6.15173601e-9f, 6.44171223e-7f, -2.66591815e-6f, -1.80406041e-5f, 0.000276443578f, -0.00118238572f, -0.00811557565f, 0.341716886f, 2.29603529f);
        return ratio * (1 - v);
    }

    private static float Polynomial(float x, params ReadOnlySpan<float> coefficients)
    {
        float sum = coefficients[0];
        foreach (float coefficient in coefficients[1..]) sum = MathF.FusedMultiplyAdd(sum, x, coefficient);
        return sum;
    }
}
