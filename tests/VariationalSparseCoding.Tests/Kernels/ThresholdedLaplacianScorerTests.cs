using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Tests.Kernels;

public class ThresholdedLaplacianScorerTests
{
    private static readonly NoiseKey Key = new(5, NoisePurpose.Training, 11);

    [Theory]
    [InlineData(9, 4, 256, 256, 0.25f)]
    [InlineData(3, 5, 77, 37, 0.1f)]
    [InlineData(2, 3, 10, 5, 0f)]
    [InlineData(2, 3, 64, 16, 5f)]
    public void Losses_are_those_of_the_dense_computation(int rows, int samples, int features, int inputs, float threshold)
    {
        float[] x = Normal(0, rows * inputs), shift = Normal(1, rows * features), atoms = Normal(2, features * inputs);
        float[] scale = [.. Normal(3, rows * features).Select(h => 0.1f * MathF.Exp(h / 2))];
        var noise = new float[rows * samples * features];
        CounterNoise.FillLaplace(Key, 0, 40, rows, samples, features, noise);

        float[] losses = new float[rows * samples], ofThreads = new float[losses.Length];
        ThresholdedLaplacianScorer.Score(Key, 40, x, shift, scale, threshold, atoms, samples, losses);
        ThresholdedLaplacianScorer.Score(Key, 40, x, shift, scale, threshold, atoms, samples, ofThreads, 2);

        Assert.Equal(losses, ofThreads);
        for (int line = 0; line < losses.Length; line++)
        {
            int row = line / samples;
            var residual = new double[inputs];
            for (int i = 0; i < inputs; i++) residual[i] = x[row * inputs + i];
            for (int feature = 0; feature < features; feature++)
            {
                float distance = scale[row * features + feature] * noise[line * features + feature];
                if (!(MathF.Abs(distance) > threshold)) continue;
                double code = shift[row * features + feature] + Math.Sign(distance) * (double)(MathF.Abs(distance) - threshold);
                for (int i = 0; i < inputs; i++) residual[i] -= code * atoms[feature * inputs + i];
            }
            double expected = residual.Sum(r => r * r) / inputs;
            Assert.InRange(losses[line] / expected, 1 - 1e-5, 1 + 1e-5);
        }
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused() =>
        Assert.Throws<ArgumentException>(() => ThresholdedLaplacianScorer.Score(Key, 0, new float[6], new float[4], new float[4], 0.1f, new float[5], 1, new float[2]));

    private static float[] Normal(int stream, int length)
    {
        var numbers = new float[length];
        CounterNoise.FillNormal(Key with { Purpose = NoisePurpose.Data }, stream, 0, 1, 1, length, numbers);
        return numbers;
    }
}
