using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.Random;

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
        return w > 5
            ? Polynomial(MathF.Sqrt(w) - 3, -1.29237396e-5f, 6.2855921e-5f, -6.74786934e-5f, -0.00029325168f, 0.00161882164f, -0.00487847859f, 0.00967837777f, 1.41797924f, 4.00618696f)
            : Polynomial(w, -1.24538042e-8f, 3.13123849e-7f, -2.80089421e-6f, 5.66698282e-6f, 6.29055066e-5f, -0.000180029703f, -0.00330152176f, 0.0163324941f, 0.328117013f, 1.25331414f) * (1 - v);
    }

    private static float Polynomial(float x, params ReadOnlySpan<float> coefficients)
    {
        float sum = coefficients[0];
        foreach (float coefficient in coefficients[1..]) sum = MathF.FusedMultiplyAdd(sum, x, coefficient);
        return sum;
    }
}
