using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Tests.Kernels;

namespace VariationalSparseCoding.Tests;

/// <summary>Methods whose codes are dense learn from small samples too: their posterior does not stay at the prior.</summary>
public sealed class DenseCodeTests
{
    private const int Rows = 1000, HeldOut = 200;

    [Trait("Category", "Slow")]
    [Theory]
    [InlineData("gaussian", 8, 0.5)]
    [InlineData("gaussian", 32, 0.5)]
    [InlineData("laplacian", 8, 0.3)]
    [InlineData("laplacian", 32, 0.3)]
    public void The_mean_of_a_posterior_explains_samples_of_two_factors(string method, int dimension, double least)
    {
        float[] loadings = RandomNumbers.Normal(1, 2 * dimension), factors = RandomNumbers.Normal(2, (Rows + HeldOut) * 2), samples = new float[(Rows + HeldOut) * dimension];
        for (int i = 0; i < samples.Length; i++)
            for (int factor = 0; factor < 2; factor++) samples[i] += factors[i / dimension * 2 + factor] * loadings[factor * dimension + i % dimension];
        using var coder = new SparseCoder(new() { Method = method, Threads = 1 });
        coder.Fit(samples.AsMemory(0, Rows * dimension), dimension);
        float[] held = samples[(Rows * dimension)..];
        Assert.InRange(Explained(coder, held, new() { Kind = CodeKind.Mean }), least, 1);
        Assert.InRange(Explained(coder, held, new()), 0.95, 1);
    }

    private static double Explained(SparseCoder coder, float[] samples, EncodeOptions options)
    {
        float[] decoded = coder.Decode(coder.Encode(samples, options)), wanted = [.. samples];
        coder.Model.Preprocessing.Standardise(wanted);
        coder.Model.Preprocessing.Standardise(decoded);
        return 1 - wanted.Zip(decoded, (a, b) => Math.Pow((double)a - b, 2)).Sum() / wanted.Sum(value => (double)value * value);
    }
}
