using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Tests.Numerics;

public class AlignedVectorTests
{
    [Fact]
    public unsafe void Starts_at_a_cache_line()
    {
        for (int length = 0; length < 200; length += 7)
        {
            var vector = new AlignedVector(length);
            Assert.Equal(length, vector.Length);
            Assert.All(vector.Span.ToArray(), value => Assert.Equal(0, value));
            fixed (double* start = vector.Span) Assert.Equal(0, (nint)start % 64);
        }
    }

    [Fact]
    public void A_slice_is_a_part_of_the_memory()
    {
        var vector = new AlignedVector(24);
        vector.Slice(8, 16).Slice(8, 8).Span[0] = 5;
        Assert.Equal(5, vector.Span[16]);
        Assert.Equal(0, vector.Slice(24, 0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => vector.Slice(8, 17));
        Assert.Throws<ArgumentOutOfRangeException>(() => vector.Slice(-8, 8));
    }
}
