using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.Random;

public class GammaVariateTests
{
    private static readonly NoiseKey Key = new(0x0123456789abcdef, NoisePurpose.Training, 7);

    [Trait("Category", "Slow")]
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.4)]
    [InlineData(0.999)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(1e4)]
    [InlineData(1e6)]
    public void Draws_follow_the_distribution(double shape)
    {
        double[] draws = Drawn(shape, rows: 40, samples: 50, features: 100);
        Statistics.AssertMean(draws, shape);
        Statistics.AssertMean([.. draws.Select(draw => (draw - shape) * (draw - shape))], shape);
        Statistics.AssertDistribution(draws, draw => GammaDistribution.Probability(shape, draw));
    }

    [Fact]
    public void Single_precision_rounds_double_precision()
    {
        float[] shapes = [.. Enumerable.Range(0, 6 * 90).Select(i => MathF.Pow(10, -2 + i % 90 / 15f))];
        var single = new float[6 * 4 * 90];
        var twice = new double[single.Length];
        GammaVariate.Draw<float>(Key, 3, 6, 4, 90, shapes, single);
        GammaVariate.Draw<double>(Key, 3, 6, 4, 90, [.. shapes.Select(shape => (double)shape)], twice);
        for (int i = 0; i < single.Length; i++) Assert.Equal(Math.Max((float)twice[i], 1.17549435e-38f), single[i]);
    }

    [Fact]
    public void Neither_blocks_nor_threads_nor_other_shapes_change_a_bit()
    {
        const int rows = 10, samples = 3, features = 130, line = samples * features;
        float[] shapes = [.. Enumerable.Range(0, rows * features).Select(i => 0.2f + i % 37 * 0.1f)];
        float[] whole = new float[rows * line], parts = new float[rows * line], others = new float[rows * line];
        GammaVariate.Draw<float>(Key, 3, rows, samples, features, shapes, whole);
        for (int row = 0; row < rows; row++)
            GammaVariate.Draw<float>(Key, 3 + row, 1, samples, features, shapes.AsSpan(row * features, features), parts.AsSpan(row * line, line));
        Assert.Equal(whole, parts);
        foreach (int threads in new[] { 2, 7, 100 })
        {
            Array.Clear(parts);
            GammaVariate.Draw<float>(Key, 3, rows, samples, features, shapes, parts, threads);
            Assert.Equal(whole, parts);
        }
        for (int i = 0; i < shapes.Length; i += 2) shapes[i] = 5;
        GammaVariate.Draw<float>(Key, 3, rows, samples, features, shapes, others);
        for (int i = 1; i < whole.Length; i += 2) Assert.Equal(whole[i], others[i]);
    }

    [Fact]
    public void Draws_of_neighbouring_addresses_and_base_noise_are_uncorrelated()
    {
        const int features = 100_000;
        var shapes = Enumerable.Repeat(1.0, features).ToArray();
        var lines = new List<double[]>();
        foreach (var (key, row) in new[] { (Key, 0), (Key, 1), (Key with { Step = 8 }, 0), (Key with { Purpose = NoisePurpose.Validation }, 0), (Key with { Seed = 1 }, 0) })
        {
            var line = new double[2 * features];
            GammaVariate.Draw(key, row, 1, 2, features, shapes, line);
            lines.Add([.. line[..features].Select(draw => draw - 1)]);
            lines.Add([.. line[features..].Select(draw => draw - 1)]);
        }
        foreach (int stream in new[] { 0, 1, 2, 21, 100 })
        {
            var line = new double[features];
            CounterNoise.FillNormal(Key, stream, 0, 1, 1, features, line);
            lines.Add(line);
        }
        for (int i = 0; i < lines.Count; i++)
        {
            for (int j = 0; j < i; j++) Assert.InRange(lines[i].Zip(lines[j], (x, y) => x * y).Average() * Math.Sqrt(features), -4.5, 4.5);
        }
    }

    [Fact]
    public void The_smallest_shapes_give_neither_zeros_nor_derivatives_that_are_no_numbers()
    {
        foreach (float shape in new[] { 1e-6f, 1e-4f, 1e-2f })
        {
            var shapes = Enumerable.Repeat(shape, 1000).ToArray();
            float[] draws = new float[20_000], derivatives = new float[20_000];
            GammaVariate.Draw<float>(Key, 0, 1, 20, 1000, shapes, draws);
            GammaDerivative.Fill<float>(1, 20, 1000, shapes, draws, derivatives);
            Assert.All(draws, draw => Assert.InRange(draw, 1.17549435e-38f, 1000));
            Assert.All(derivatives, derivative => Assert.InRange(derivative, 0, float.MaxValue));
        }
    }

    [Fact]
    public void A_shape_that_is_no_number_gives_no_number()
    {
        var draws = new float[200];
        GammaVariate.Draw<float>(Key, 0, 1, 100, 2, [float.NaN, 1], draws);
        for (int i = 0; i < draws.Length; i++) Assert.Equal(i % 2 == 0, float.IsNaN(draws[i]));
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => GammaVariate.Draw<float>(Key, 0, 2, 3, 4, new float[8], new float[23]));
        Assert.Throws<ArgumentException>(() => GammaVariate.Draw<float>(Key, 0, 2, 3, 4, new float[7], new float[24]));
        Assert.Throws<ArgumentOutOfRangeException>(() => GammaVariate.Draw<float>(Key, -1, 2, 3, 4, new float[8], new float[24]));
    }

    private static double[] Drawn(double shape, int rows, int samples, int features)
    {
        var draws = new double[rows * samples * features];
        GammaVariate.Draw(Key, 0, rows, samples, features, Enumerable.Repeat(shape, rows * features).ToArray(), draws, 2);
        return draws;
    }
}
