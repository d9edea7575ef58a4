using VariationalSparseCoding.Tests.Kernels;

namespace VariationalSparseCoding.Tests;

/// <summary>Data and options that people tried, on which the defaults ended in NaN within the first hundred steps.</summary>
[Trait("Category", "Slow")]
[Trait("Fault", "C1")]
public sealed class DivergingDataTests
{
    private const int Rows = 1500;

    [Theory]
    [InlineData("thresholded-laplacian")]
    [InlineData("laplacian")]
    [InlineData("gaussian")]
    public void Few_factors(string method) => AssertTrains(Factors(16, 4, 0.01f), 16, new() { Method = method });

    [Fact]
    public void Sparse_sums_of_many_directions()
    {
        const int Dimension = 64, Directions = 96;
        float[] directions = RandomNumbers.Normal(1, Directions * Dimension), values = RandomNumbers.Normal(2, Rows * 5), samples = RandomNumbers.Normal(3, Rows * Dimension);
        var random = new System.Random(4);
        for (int row = 0; row < Rows; row++)
        {
            var x = samples.AsSpan(row * Dimension, Dimension);
            foreach (ref float value in x) value *= 0.1f;
            for (int drawn = 0; drawn < 5; drawn++)
            {
                int direction = random.Next(Directions);
                for (int i = 0; i < Dimension; i++) x[i] += values[row * 5 + drawn] * directions[direction * Dimension + i];
            }
        }
        AssertTrains(samples, Dimension, new() { Method = "laplacian" });
    }

    [Theory]
    [InlineData("thresholded-laplacian")]
    [InlineData("laplacian")]
    public void Pixels_with_rare_values(string method)
    {
        const int Dimension = 64;
        var random = new System.Random(5);
        float[] samples = Factors(Dimension, 4, 0.1f);
        for (int i = 0; i < samples.Length; i++)
            if (i % Dimension < 16) samples[i] = random.Next(500) == 0 ? 255 : 0;
        AssertTrains(samples, Dimension, new() { Method = method });
    }

    [Theory]
    [InlineData("thresholded-laplacian")]
    [InlineData("laplacian")]
    public void Embeddings_with_a_small_weight_of_the_divergence(string method) =>
        AssertTrains(Factors(384, 60, 0.05f), 384, new() { Method = method, Atoms = 512, KlWeight = 2.56 / 384 / 10, Draws = 5, Epochs = 4 });

    [Theory]
    [InlineData("thresholded-laplacian")]
    [InlineData("gaussian")]
    public void Many_more_atoms_than_values(string method) => AssertTrains(Factors(16, 4, 0.1f), 16, new() { Method = method, Atoms = 1024, Draws = 5 });

    private static float[] Factors(int dimension, int rank, float noise)
    {
        float[] loadings = RandomNumbers.Normal(6, rank * dimension), factors = RandomNumbers.Normal(7, Rows * rank), samples = RandomNumbers.Normal(8, Rows * dimension);
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] *= noise;
            for (int factor = 0; factor < rank; factor++) samples[i] += factors[i / dimension * rank + factor] * loadings[factor * dimension + i % dimension];
        }
        return samples;
    }

    private static void AssertTrains(float[] samples, int dimension, SparseCoderOptions options)
    {
        using var coder = new SparseCoder(options with { Epochs = Math.Min(options.Epochs, 10), Threads = 1 });
        coder.Fit(samples, dimension);
        float[] some = samples[..(200 * dimension)], decoded = coder.Decode(coder.Encode(some));
        coder.Model.Preprocessing.Standardise(some);
        coder.Model.Preprocessing.Standardise(decoded);
        double error = 0, power = 0;
        for (int i = 0; i < some.Length; i++)
        {
            error += Math.Pow((double)some[i] - decoded[i], 2);
            power += Math.Pow(some[i], 2);
        }
        // Dense codes take more steps than these before they explain much.
        bool isDense = coder.DefaultKind == VariationalSparseCoding.Inference.CodeKind.Mean;
        Assert.InRange(1 - error / power, isDense ? -0.01 : 0.01, 1);
    }
}
