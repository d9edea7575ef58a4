using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Tests.Kernels;

namespace VariationalSparseCoding.Tests.Engine;

public class EntryListTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(45, 4)]
    [InlineData(45, 45)]
    [InlineData(512, 1)]
    [InlineData(1000, 16)]
    [InlineData(3072, 16)]
    [InlineData(3075, 100)]
    [InlineData(4097, 2000)]
    public void The_largest_are_those_of_sorting_and_the_first_ones_of_equal_values(int length, int count)
    {
        var list = new EntryList();
        for (int seed = 0; seed < 20; seed++)
        {
            // Of few different values, so that many are equal; in some rows few or none are above 0.
            float[] row = Array.ConvertAll(RandomNumbers.Normal(seed, length), value => MathF.Round(8 * (value - seed % 5)) / 8);
            if (seed == 19) Array.Fill(row, 0);
            list.Clear();
            list.AddLargest(row, count);
            int[] expected = [.. Enumerable.Range(0, length).Where(i => row[i] > 0).OrderByDescending(i => row[i]).ThenBy(i => i).Take(count).Order()];
            Assert.Equal(expected, list.Features.ToArray());
            Assert.Equal(Array.ConvertAll(expected, i => row[i]), list.Values.ToArray());
        }
    }
}
