using System.Numerics;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.Kernels;

public class NesterovStepTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Single_precision_steps_by_the_rule(int threads) => AssertStepsByTheRule<float>(1e-6, threads);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Double_precision_steps_by_the_rule(int threads) => AssertStepsByTheRule<double>(1e-14, threads);

    [Fact]
    public void Two_steps_by_hand()
    {
        double[] parameter = [1], buffer = [0];
        NesterovStep.Apply(parameter, [2.0], buffer, 0.5, 0.25);
        Assert.Equal((-0.25, 2.0), (parameter[0], buffer[0]));
        NesterovStep.Apply(parameter, [4.0], buffer, 0.5, 0.25);
        Assert.Equal((-0.25 - 0.5 * (4 + 0.25 * 4.5), 4.5), (parameter[0], buffer[0]));
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        const int length = 10_001;
        float[] parameter = Normal<float>(length, 0), gradient = Normal<float>(length, 1), buffer = Normal<float>(length, 2);
        float[] parameterOfThree = [.. parameter], bufferOfThree = [.. buffer];
        NesterovStep.Apply(parameter, gradient, buffer, 0.1f, 0.9f);
        NesterovStep.Apply(parameterOfThree, gradient, bufferOfThree, 0.1f, 0.9f, 3);
        Assert.Equal(parameter, parameterOfThree);
        Assert.Equal(buffer, bufferOfThree);
    }

    [Fact]
    public void Unequal_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => NesterovStep.Apply(new float[3], new float[2], new float[3], 0.1f, 0.9f));
        Assert.Throws<ArgumentException>(() => NesterovStep.Apply(new float[3], new float[3], new float[4], 0.1f, 0.9f));
    }

    /// <summary>The rule as torch.optim.SGD states it, whose buffer is the gradient after the first step.</summary>
    private static void AssertStepsByTheRule<T>(double tolerance, int threads) where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int length = 1003;
        const double momentum = 0.9;
        T[] parameter = Normal<T>(length, 0), buffer = new T[length];
        double[] expected = [.. parameter.Select(double.CreateChecked)];
        double[]? velocity = null;
        double[] learningRates = [0.05, 0.01, 0.2, 0.1, 0.3, 0.02];
        for (int step = 0; step < learningRates.Length; step++)
        {
            T[] gradient = Normal<T>(length, step + 1);
            double[] precise = [.. gradient.Select(double.CreateChecked)];
            velocity = velocity is null ? precise : [.. velocity.Zip(precise, (v, g) => momentum * v + g)];
            for (int i = 0; i < length; i++) expected[i] -= learningRates[step] * (precise[i] + momentum * velocity[i]);
            NesterovStep.Apply<T>(parameter, gradient, buffer, T.CreateChecked(learningRates[step]), T.CreateChecked(momentum), threads);
        }
        for (int i = 0; i < length; i++) Assert.Equal(expected[i], double.CreateChecked(parameter[i]), tolerance * Math.Max(1, Math.Abs(expected[i])));
    }

    private static T[] Normal<T>(int length, int stream) where T : unmanaged
    {
        var numbers = new T[length];
        CounterNoise.FillNormal<T>(new(1, NoisePurpose.Initialisation, 0), stream, 0, 1, 1, length, numbers);
        return numbers;
    }
}
