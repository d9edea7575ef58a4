using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.Random;

public class IndexPermutationTests
{
    private static IndexPermutation Of(long count, uint stream) => new(count, new(7, NoisePurpose.Permutation, stream));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(1000)]
    [InlineData(65537)]
    public void Every_number_comes_once(int count)
    {
        var order = Of(count, 3);
        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), Enumerable.Range(0, count).Select(place => order[place]).Order());
    }

    [Fact]
    public void Every_number_is_equally_likely_at_every_place()
    {
        const int Count = 12, Orders = 6000;
        int[,] found = new int[Count, Count];
        for (uint stream = 0; stream < Orders; stream++)
        {
            var order = Of(Count, stream);
            for (int place = 0; place < Count; place++) found[place, order[place]]++;
        }
        double expected = (double)Orders / Count, statistic = 0;
        foreach (int number in found) statistic += (number - expected) * (number - expected) / expected;
        // Chi-square of 121 degrees of freedom: mean 121, deviation 15.6.
        Assert.InRange(statistic, 60, 200);
    }

    [Fact]
    public void Neighbours_in_the_order_are_not_neighbours_in_number()
    {
        const int Count = 100_000;
        var order = Of(Count, 0);
        double mean = Enumerable.Range(1, Count - 1).Average(place => Math.Abs((double)(order[place] - order[place - 1])));
        // Of independent uniform numbers the mean distance is a third.
        Assert.InRange(mean / Count, 0.33, 0.337);
    }

    [Fact]
    public void Large_numbers_stay_in_their_range()
    {
        const long Count = (1L << 40) + 12345;
        var order = Of(Count, 1);
        for (long place = 0; place < 1000; place++) Assert.InRange(order[place * 1_000_000_007 % Count], 0, Count - 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => order[Count]);
    }
}
