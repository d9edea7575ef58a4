using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.Random;

public class CounterNoiseTests
{
    private static readonly NoiseKey Key = new(0x0123456789abcdef, NoisePurpose.Training, 7);

    internal delegate void FloatFill(NoiseKey key, int stream, int firstRow, int rows, int samples, int features, Span<float> destination, int threads = 1);
    internal delegate void DoubleFill(NoiseKey key, int stream, int firstRow, int rows, int samples, int features, Span<double> destination, int threads = 1);
    internal delegate void FloatGather(NoiseKey key, int stream, int firstRow, ReadOnlySpan<int> sampleOfRow, int features, Span<float> destination, int threads = 1);
    internal delegate void DoubleGather(NoiseKey key, int stream, int firstRow, ReadOnlySpan<int> sampleOfRow, int features, Span<double> destination, int threads = 1);

    internal sealed record Variate(
        FloatFill FillSingle, DoubleFill FillDouble, FloatGather GatherSingle, DoubleGather GatherDouble, Func<uint, float> Scalar,
        Func<double, double> Distribution, double Mean, double Variance, double FourthMoment);

    // The fourth moments are central; the floor at 1e-6 changes those of the Laplace noise by less than the tolerance.
    private static readonly Dictionary<string, Variate> Table = new()
    {
        ["Laplace"] = new(CounterNoise.FillLaplace, CounterNoise.FillLaplace, CounterNoise.FillLaplace, CounterNoise.FillLaplace, ScalarVariates.Laplace,
            x => x < 0 ? Math.Exp(x) / 2 : 1 - Math.Exp(-x) / 2, 0, 2, 24),
        ["Normal"] = new(CounterNoise.FillNormal, CounterNoise.FillNormal, CounterNoise.FillNormal, CounterNoise.FillNormal, ScalarVariates.Normal, NormalDistribution, 0, 1, 3),
        ["Uniform"] = new(CounterNoise.FillUniform, CounterNoise.FillUniform, CounterNoise.FillUniform, CounterNoise.FillUniform, ScalarVariates.Uniform,
            x => x, 0.5, 1.0 / 12, 1.0 / 80),
    };

    public static TheoryData<string> Variates => [.. Table.Keys];

    [Theory, MemberData(nameof(Variates))]
    public void Single_precision_equals_the_scalar_computation_bit_for_bit(string name)
    {
        var variate = Table[name];
        const int rows = 20, samples = 3, features = 1000;
        var noise = new float[rows * samples * features];
        variate.FillSingle(Key, 5, 1_000_000, rows, samples, features, noise);
        for (int i = 0; i < noise.Length; i++)
        {
            uint word = ScalarVariates.Word(Key, 5, 1_000_000 + i / features / samples, i / features % samples, i % features);
            Assert.Equal(BitConverter.SingleToInt32Bits(variate.Scalar(word)), BitConverter.SingleToInt32Bits(noise[i]));
        }
    }

    [Theory, MemberData(nameof(Variates))]
    public void Single_and_double_precision_agree(string name)
    {
        var variate = Table[name];
        const int rows = 10, samples = 4, features = 999;
        var single = new float[rows * samples * features];
        var twice = new double[single.Length];
        variate.FillSingle(Key, 0, 0, rows, samples, features, single);
        variate.FillDouble(Key, 0, 0, rows, samples, features, twice);
        for (int i = 0; i < single.Length; i++) Assert.Equal(twice[i], single[i], 2e-7 * (1 + Math.Abs(twice[i])));
    }

    [Theory, MemberData(nameof(Variates))]
    public void Neither_blocks_nor_threads_change_a_bit(string name)
    {
        var variate = Table[name];
        const int rows = 10, samples = 3, features = 130, line = samples * features;
        var whole = new float[rows * line];
        var wholeDouble = new double[rows * line];
        variate.FillSingle(Key, 1, 3, rows, samples, features, whole);
        variate.FillDouble(Key, 1, 3, rows, samples, features, wholeDouble);
        var parts = new float[rows * line];
        var partsDouble = new double[rows * line];
        for (int row = 0; row < rows; row++)
        {
            variate.FillSingle(Key, 1, 3 + row, 1, samples, features, parts.AsSpan(row * line, line));
            variate.FillDouble(Key, 1, 3 + row, 1, samples, features, partsDouble.AsSpan(row * line, line));
        }
        Assert.Equal(whole, parts);
        Assert.Equal(wholeDouble, partsDouble);
        foreach (int threads in new[] { 2, 7, 100 })
        {
            Array.Clear(parts);
            variate.FillSingle(Key, 1, 3, rows, samples, features, parts, threads);
            Assert.Equal(whole, parts);
        }
    }

    [Theory, MemberData(nameof(Variates))]
    public void A_chosen_sample_is_drawn_again(string name)
    {
        var variate = Table[name];
        const int rows = 4, samples = 3, features = 77;
        int[] chosen = [2, 0, 1, 2];
        var all = new float[rows * samples * features];
        var allDouble = new double[all.Length];
        var again = new float[rows * features];
        var againDouble = new double[again.Length];
        variate.FillSingle(Key, 0, 9, rows, samples, features, all);
        variate.FillDouble(Key, 0, 9, rows, samples, features, allDouble);
        variate.GatherSingle(Key, 0, 9, chosen, features, again, 2);
        variate.GatherDouble(Key, 0, 9, chosen, features, againDouble, 2);
        for (int row = 0; row < rows; row++)
        {
            int start = (row * samples + chosen[row]) * features;
            Assert.Equal(all.AsSpan(start, features), again.AsSpan(row * features, features));
            Assert.Equal(allDouble.AsSpan(start, features), againDouble.AsSpan(row * features, features));
        }
    }

    [Trait("Category", "Slow")]
    [Theory, MemberData(nameof(Variates))]
    public void Moments_and_distribution_are_those_of_the_variate(string name)
    {
        var variate = Table[name];
        const int rows = 100, samples = 20, features = 500, count = rows * samples * features;
        var noise = new float[count];
        variate.FillSingle(Key, 0, 0, rows, samples, features, noise, 2);
        double deviation = Math.Sqrt(variate.Variance), mean = noise.Average(x => (double)x), variance = noise.Average(x => (x - mean) * (x - mean));
        Assert.InRange(mean - variate.Mean, -4.5 * deviation / Math.Sqrt(count), 4.5 * deviation / Math.Sqrt(count));
        double varianceError = Math.Sqrt((variate.FourthMoment - variate.Variance * variate.Variance) / count);
        Assert.InRange(variance - variate.Variance, -4.5 * varianceError, 4.5 * varianceError);
        Statistics.AssertDistribution(Array.ConvertAll(noise, x => (double)x), variate.Distribution);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void Neighbouring_addresses_are_uncorrelated()
    {
        const int features = 100_000;
        var lines = new List<float[]>();
        foreach (var (key, stream, row, sample) in Addresses())
        {
            var line = new float[features];
            CounterNoise.FillNormal(key, stream, row, [sample], features, line);
            lines.Add(line);
        }
        for (int i = 0; i < lines.Count; i++)
        {
            for (int j = 0; j < i; j++) Assert.InRange(lines[i].Zip(lines[j], (x, y) => (double)x * y).Average() * Math.Sqrt(features), -4.5, 4.5);
        }
    }

    [Fact]
    public void No_two_addresses_share_a_word()
    {
        // 64-bit pairs of neighbouring words: chance collisions have a probability of about 1e-8.
        const int features = 256;
        var seen = new HashSet<ulong>();
        int count = 0;
        foreach (var (key, stream, row, sample) in Addresses())
        {
            for (int feature = 0; feature < features; feature += 2, count++)
                seen.Add((ulong)ScalarVariates.Word(key, stream, row, sample, feature) << 32 | ScalarVariates.Word(key, stream, row, sample, feature + 1));
        }
        var random = new CounterRandom(Key);
        for (int i = 0; i < 1000; i++, count++) seen.Add(random.NextUInt64());
        Assert.Equal(count, seen.Count);
    }

    private static IEnumerable<(NoiseKey Key, int Stream, int Row, int Sample)> Addresses()
    {
        yield return (Key, 0, 0, 0);
        yield return (Key with { Seed = Key.Seed + 1 }, 0, 0, 0);
        yield return (Key with { Seed = Key.Seed ^ 1UL << 32 }, 0, 0, 0);
        yield return (Key with { Step = 8 }, 0, 0, 0);
        foreach (var purpose in Enum.GetValues<NoisePurpose>().Where(purpose => purpose != Key.Purpose)) yield return (Key with { Purpose = purpose }, 0, 0, 0);
        foreach (int stream in new[] { 1, 2, 255 }) yield return (Key, stream, 0, 0);
        foreach (int row in new[] { 1, 256, 65536, int.MaxValue - 1 }) yield return (Key, 0, row, 0);
        foreach (int sample in new[] { 1, 2, 256, CounterNoise.MaximumSamples - 1 }) yield return (Key, 0, 0, sample);
        yield return (Key, 1, 1, 1);
    }

    [Fact]
    public void Extreme_words_stay_in_range()
    {
        foreach (uint word in new[] { 0u, 0x7fffffffu, 0x80000000u, uint.MaxValue })
        {
            var words = System.Runtime.Intrinsics.Vector512.Create(word);
            Assert.InRange(Math.Abs(LaplaceVariate.FromWords(words)[0]), 0, 13.815512f);
            Assert.InRange(Math.Abs(NormalVariate.FromWords(words)[0]), 0, 6.34f);
            Assert.InRange(UniformVariate.FromWords(words)[0], float.Epsilon, MathF.BitDecrement(1));
        }
        Assert.Equal(13.815510557964274, Math.Abs(LaplaceVariate.FromWord(0)), 1e-12);
        Assert.Equal(6.3379577545537892525, NormalVariate.FromWord(0), 1e-12);
    }

    [Fact]
    public void Arguments_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => CounterNoise.FillNormal(Key, 0, 0, 2, 3, 4, new float[23]));
        Assert.Throws<ArgumentException>(() => CounterNoise.FillNormal(Key, 0, 0, [0, 1], 4, new float[9]));
        Assert.Throws<ArgumentOutOfRangeException>(() => CounterNoise.FillNormal(Key, 256, 0, 1, 1, 1, new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => CounterNoise.FillNormal(Key, 0, -1, 1, 1, 1, new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => CounterNoise.FillNormal(Key, 0, 0, [CounterNoise.MaximumSamples], 1, new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => CounterNoise.FillNormal(Key, 0, 0, 1, CounterNoise.MaximumSamples + 1, 0, Array.Empty<float>()));
        Assert.Throws<ArgumentOutOfRangeException>(() => CounterNoise.FillNormal(Key, 0, 0, 1, 1, 1, new float[1], 0));
        Assert.Throws<NotSupportedException>(() => CounterNoise.FillNormal(Key, 0, 0, 1, 1, 1, new int[1]));
    }

    private static double NormalDistribution(double x)
    {
        // Marsaglia's series: 1/2 + phi(x) (x + x^3/3 + x^5/(3 5) + ...).
        double sum = x, term = x;
        for (int k = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); k += 2) sum += term *= x * x / k;
        return 0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
    }
}
