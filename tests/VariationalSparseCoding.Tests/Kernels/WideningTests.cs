using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Tests.Kernels;

public class WideningTests
{
    private static readonly ushort[] every = [.. Enumerable.Range(0, 1 << 16).Select(bits => (ushort)bits)];

    [Fact]
    public void Every_half_is_widened_exactly()
    {
        float[] widened = new float[every.Length];
        Widening.FromHalf(every, widened);
        for (int i = 0; i < every.Length; i++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf(every[i]);
            if (float.IsNaN(expected)) Assert.True(float.IsNaN(widened[i]), $"{i}");
            else Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(widened[i]));
        }
    }

    [Fact]
    public void Every_brain_is_the_upper_half_of_its_single()
    {
        float[] widened = new float[every.Length];
        Widening.FromBrain(every, widened);
        Assert.Equal(every.Select(bits => (uint)bits << 16), widened.Select(BitConverter.SingleToUInt32Bits));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(100)]
    public void Any_length_is_widened_and_nothing_behind_is_touched(int length)
    {
        float[] widened = new float[length + 1];
        widened[length] = 7;
        Widening.FromHalf(every.AsSpan(0x3c00, length), widened);
        Assert.Equal(every.Skip(0x3c00).Take(length).Select(bits => (float)BitConverter.UInt16BitsToHalf(bits)), widened[..length]);
        Assert.Equal(7, widened[length]);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void The_first_number_that_is_not_finite_is_found(float odd)
    {
        for (int length = 1; length < 70; length++)
        {
            float[] numbers = [.. Enumerable.Repeat(float.MaxValue, length)];
            Assert.Equal(-1, Widening.IndexOfNonFinite(numbers));
            numbers[length - 1] = odd;
            Assert.Equal(length - 1, Widening.IndexOfNonFinite(numbers));
        }
    }
}
