using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Synthetic;

namespace VariationalSparseCoding.Tests;

/// <summary>Under the default preprocessing nothing depends on the unit of the samples.</summary>
[Trait("Category", "Slow")]
public class ScaleInvarianceTests
{
    private const int D = 12, Atoms = 10;

    private static readonly SyntheticData Set = SyntheticData.Generate(new() { Samples = 300, Dimension = D, Atoms = Atoms, Support = 2 }, 5);

    public static TheoryData<string> Methods => [.. MethodTable.All.Select(method => method.Name)];

    /// <summary>Samples whose columns have means and units of their own.</summary>
    private static float[] Samples(double factor) => [.. Set.Samples.Select((value, i) => (float)(factor * (float)((value + i % D * 3 - 5) * (1 + i % D))))];

    private static SparseCoder Fitted(float[] samples, string method, ulong seed = 7)
    {
        var coder = new SparseCoder(new() { Method = method, Atoms = Atoms, Draws = 3, Epochs = 6, BatchSize = 50, Seed = seed, Threads = 1 });
        coder.Fit(samples, D);
        return coder;
    }

    [Theory, Trait("Fault", "C4")]
    [MemberData(nameof(Methods))]
    public void Powers_of_two_leave_every_bit_of_the_codes(string method)
    {
        using var coder = Fitted(Samples(1), method);
        float[] codes = coder.Encode(Samples(1)), decoded = coder.Decode(codes);
        Assert.Contains(codes, code => code != 0);
        foreach (int power in new[] { 20, -20, 60, -60 })
        {
            double factor = Math.ScaleB(1, power);
            using var scaled = Fitted(Samples(factor), method);
            Assert.Equal(coder.Dictionary.Cast<float>(), scaled.Dictionary.Cast<float>());
            Assert.Equal(codes, scaled.Encode(Samples(factor)));
            Assert.Equal(decoded.Select(value => (float)(value * factor)), scaled.Decode(codes));
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Other_factors_change_the_objective_by_less_than_seeds_do(string method)
    {
        double[] seeds = [.. Enumerable.Range(7, 4).Select(seed => Objective(1, method, (ulong)seed))];
        double spread = seeds.Max() - seeds.Min();
        Assert.True(spread > 0);
        foreach (double factor in new[] { 1e6, 1e-6, 1e30, 1e-30 }) Assert.InRange(Math.Abs(Objective(factor, method, 7) - seeds[0]), 0, spread);
    }

    // Of the standardised samples, which have no unit.
    private static double Objective(double factor, string method, ulong seed)
    {
        float[] samples = Samples(factor), standardised = Samples(1);
        using var coder = Fitted(samples, method, seed);
        for (int column = 0; column < D; column++)
        {
            double[] values = [.. Enumerable.Range(0, standardised.Length / D).Select(row => (double)standardised[row * D + column])];
            double mean = values.Average(), deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
            for (int row = 0; row < values.Length; row++) standardised[row * D + column] = (float)((values[row] - mean) / deviation);
        }
        return SparseCodingObjective.Compute<float>(standardised, D, Matrices.Values(coder.Dictionary), coder.Encode(samples), Atoms, coder.Experiment.Objective.Lambda).Value;
    }

    [Theory]
    [InlineData(1e-40)]
    [InlineData(1e37)]
    public void What_float32_has_no_room_for_is_refused_in_one_line(double factor)
    {
        float[] samples = [.. Set.Samples.Select(value => (float)(value * factor))];
        string message = Assert.Throws<InvalidInputException>(() => Fitted(samples, "thresholded-laplacian")).Message;
        Assert.StartsWith("samples: column 0 has the mean", message, StringComparison.Ordinal);
        Assert.EndsWith("multiply the column by a constant", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_is_invariant_too()
    {
        var random = new CounterRandom(new NoiseKey(3, NoisePurpose.Data, 0));
        float[] samples = [.. Enumerable.Range(0, 1500 * 4).Select(_ => (float)(random.NextDouble() + random.NextDouble()))];
        float[] codes = Streamed(1);
        Assert.Equal(codes, Streamed(Math.ScaleB(1, 20)));
        Assert.Equal(codes, Streamed(Math.ScaleB(1, -20)));

        float[] Streamed(double factor)
        {
            float[] scaled = [.. samples.Select(value => (float)(value * factor))];
            using var coder = new SparseCoder(new() { Atoms = 6, Draws = 2, Epochs = 1, SamplesPerEpoch = 1500, Threads = 1 });
            coder.PartialFit(scaled, 4);
            return coder.Encode(scaled);
        }
    }
}
