using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>Numbers to compute with, and the sizes of the paper's linear experiment.</summary>
internal static class Inputs
{
    /// <summary>B.</summary>
    public const int Rows = 100;

    /// <summary>J.</summary>
    public const int Samples = 20;

    /// <summary>d and D.</summary>
    public const int Size = 256;

    public static NoiseKey Key { get; } = new(1, NoisePurpose.Data, 0);

    public static float[] Normal(int stream, int length)
    {
        var numbers = new float[length];
        CounterNoise.FillNormal<float>(Key, stream, 0, 1, 1, length, numbers);
        return numbers;
    }

    public static float[] Uniform(int stream, int length)
    {
        var numbers = new float[length];
        CounterNoise.FillUniform<float>(Key, stream, 0, 1, 1, length, numbers);
        return numbers;
    }

    public static double[] Exact(int stream, int length) => [.. Normal(stream, length).Select(number => (double)number)];
}
