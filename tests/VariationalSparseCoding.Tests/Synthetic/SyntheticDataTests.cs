using VariationalSparseCoding.Synthetic;

namespace VariationalSparseCoding.Tests.Synthetic;

public class SyntheticDataTests
{
    private static readonly SyntheticOptions Clean = new() { Samples = 2000, SignalToNoise = null };

    private static double[] Residual(SyntheticOptions options, SyntheticData data)
    {
        var (dimension, atoms) = (options.Dimension, options.Atoms);
        return [.. from sample in Enumerable.Range(0, options.Samples)
                   from row in Enumerable.Range(0, dimension)
                   let signal = Enumerable.Range(0, atoms).Sum(atom => (double)data.Dictionary[row * atoms + atom] * data.Codes[sample * atoms + atom])
                   select data.Samples[sample * dimension + row] - signal];
    }

    [Fact]
    public void Samples_are_the_dictionary_times_the_codes()
    {
        var data = SyntheticData.Generate(Clean, 1);
        Assert.All(Residual(Clean, data), residual => Assert.Equal(0, residual, 1e-5));
        Assert.Equal((2000 * 64, 2000 * 32, 64 * 32), (data.Samples.Length, data.Codes.Length, data.Dictionary.Length));
        for (int atom = 0; atom < 32; atom++)
            Assert.Equal(1, Enumerable.Range(0, 64).Sum(row => Math.Pow(data.Dictionary[row * 32 + atom], 2)), 1e-6);
    }

    [Fact]
    public void The_easy_set_has_three_large_values_per_code_and_uses_all_atoms_alike()
    {
        var data = SyntheticData.Generate(Clean, 1);
        Assert.All(data.Codes.Chunk(32), code => Assert.Equal(3, code.Count(value => value != 0)));
        Assert.All(data.Codes.Where(value => value != 0), value => Assert.True(Math.Abs(value) >= 1));
        // 187.5 uses expected of each atom; six standard deviations are 78.
        for (int atom = 0; atom < 32; atom++) Assert.InRange(data.Codes.Chunk(32).Count(code => code[atom] != 0), 109, 266);
    }

    [Theory]
    [InlineData(CodeDistribution.Gaussian, 1, 3)]
    [InlineData(CodeDistribution.Laplacian, 2, 24)]
    public void Values_have_the_moments_of_their_distribution(CodeDistribution distribution, double second, double fourth)
    {
        var options = Clean with { Samples = 20000, Distribution = distribution };
        double[] values = [.. SyntheticData.Generate(options, 2).Codes.Where(value => value != 0).Select(value => (double)value)];
        Assert.Equal(60000, values.Length);
        Assert.Equal(0, values.Average(), 0.04);
        Assert.Equal(second, values.Average(value => value * value), 0.05 * second);
        Assert.Equal(fourth, values.Average(value => Math.Pow(value, 4)), 0.15 * fourth);
    }

    [Fact]
    public void Drawing_with_replacement_makes_the_support_smaller_as_computed()
    {
        var options = Clean with { Atoms = 289, Support = 40, WithReplacement = true, Distribution = CodeDistribution.Gaussian };
        double support = SyntheticData.Generate(options, 3).Codes.Count(value => value != 0) / (double)options.Samples;
        Assert.Equal(289 * (1 - Math.Pow(1 - 1.0 / 289, 40)), support, 0.25);
    }

    [Fact]
    public void Noise_lies_the_given_decibels_below_the_signal()
    {
        var data = SyntheticData.Generate(Clean with { SignalToNoise = 20 }, 1);
        var clean = SyntheticData.Generate(Clean, 1);
        Assert.Equal(clean.Codes, data.Codes);
        double noise = Residual(Clean, data).Average(value => value * value), signal = clean.Samples.Average(value => (double)value * value);
        Assert.Equal(20, 10 * Math.Log10(signal / noise), 0.1);
    }

    [Fact]
    public void A_given_dictionary_is_used_and_faulty_options_are_refused()
    {
        var options = Clean with { Samples = 5, Dimension = 2, Atoms = 2, Support = 1 };
        var data = SyntheticData.Generate(options, 1, [1, 0, 0, 1]);
        Assert.Equal(data.Codes, data.Samples);
        Assert.Contains("Support: must lie between 1 and the number of atoms, 2, not 3", Assert.Throws<InvalidInputException>(() => SyntheticData.Generate(options with { Support = 3 }, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SyntheticData.Generate(options, 1, new float[3]));
    }
}
