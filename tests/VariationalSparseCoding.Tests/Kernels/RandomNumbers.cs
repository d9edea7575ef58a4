using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.Kernels;

/// <summary>Arrays of random numbers for the tests of kernels.</summary>
internal static class RandomNumbers
{
    public static float[] Normal(int stream, int length)
    {
        var numbers = new float[length];
        CounterNoise.FillNormal<float>(new(5, NoisePurpose.Data, 11), stream, 0, 1, 1, length, numbers);
        return numbers;
    }

    public static float[] Uniform(int stream, int length)
    {
        var numbers = new float[length];
        CounterNoise.FillUniform<float>(new(5, NoisePurpose.Data, 11), stream, 0, 1, 1, length, numbers);
        return numbers;
    }
}
