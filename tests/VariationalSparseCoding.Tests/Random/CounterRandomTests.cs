using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.Random;

public class CounterRandomTests
{
    private static readonly NoiseKey Key = new(42, NoisePurpose.Permutation, 3);

    [Fact]
    public void Equal_keys_repeat_a_sequence_and_other_keys_do_not()
    {
        ulong[] first = Sequence(Key), again = Sequence(Key);
        Assert.Equal(first, again);
        Assert.Empty(first.Intersect(Sequence(Key with { Step = 4 })));
        Assert.Empty(first.Intersect(Sequence(Key with { Purpose = NoisePurpose.Data })));
        Assert.Empty(first.Intersect(Sequence(Key with { Seed = 43 })));
    }

    [Fact]
    public void Bounded_numbers_are_uniform()
    {
        var random = new CounterRandom(Key);
        const int bound = 7, count = 70_000;
        var counts = new int[bound];
        for (int i = 0; i < count; i++) counts[random.NextInt64(bound)]++;
        // Chi-squared with 6 degrees of freedom exceeds 22.5 with probability 0.001.
        Assert.InRange(counts.Sum(c => Math.Pow(c - count / bound, 2) / (count / bound)), 0, 22.5);
        Assert.Equal(0, random.NextInt64(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt64(0));
    }

    [Fact]
    public void Doubles_fill_the_unit_interval()
    {
        var random = new CounterRandom(Key);
        double[] numbers = [.. Enumerable.Range(0, 50_000).Select(_ => random.NextDouble()).Order()];
        double distance = numbers.Select((x, i) => Math.Max(x - (double)i / numbers.Length, (i + 1.0) / numbers.Length - x)).Max();
        Assert.InRange(distance, 0, 1.95 / Math.Sqrt(numbers.Length));
    }

    [Fact]
    public void Shuffling_reaches_every_order_equally_often()
    {
        var random = new CounterRandom(Key);
        var counts = new Dictionary<(int, int, int), int>();
        const int count = 60_000;
        for (int i = 0; i < count; i++)
        {
            int[] items = [0, 1, 2];
            random.Shuffle(items);
            var order = (items[0], items[1], items[2]);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }
        Assert.Equal(6, counts.Count);
        // Chi-squared with 5 degrees of freedom exceeds 20.5 with probability 0.001.
        Assert.InRange(counts.Values.Sum(c => Math.Pow(c - count / 6, 2) / (count / 6)), 0, 20.5);
    }

    private static ulong[] Sequence(NoiseKey key)
    {
        var random = new CounterRandom(key);
        return [.. Enumerable.Range(0, 100).Select(_ => random.NextUInt64())];
    }
}
