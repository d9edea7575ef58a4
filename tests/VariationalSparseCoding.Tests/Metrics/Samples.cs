using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.Metrics;

/// <summary>Draws for the metrics' tests.</summary>
internal static class Samples
{
    public static CounterRandom Random(ulong seed) => new(new NoiseKey(seed, NoisePurpose.Data, 99));

    public static double[] Uniforms(int count, ulong seed)
    {
        var random = Random(seed);
        double[] values = new double[count];
        foreach (ref double value in values.AsSpan()) value = random.NextDouble();
        return values;
    }

    public static double[] Normals(int count, ulong seed) => Array.ConvertAll(Uniforms(count, seed), SpecialFunctions.NormalQuantile);

    public static double[] Laplacians(int count, double scale, ulong seed) =>
        Array.ConvertAll(Uniforms(count, seed), u => u < 0.5 ? scale * Math.Log(2 * u) : -scale * Math.Log(2 * (1 - u)));

    public static double[] SoftThreshold(double[] values, double threshold) =>
        Array.ConvertAll(values, value => Math.Abs(value) > threshold ? value - Math.CopySign(threshold, value) : 0);

    public static void AssertClose(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double tolerance)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"[{i}]: expected {expected[i]:R}, was {actual[i]:R}");
    }
}
