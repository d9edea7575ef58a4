using System.Runtime.InteropServices;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Tests.Serialization;

public class StoredTensorTests
{
    [Fact]
    public void Values_are_copied_in_and_can_be_replaced()
    {
        float[] values = [1, 2, 3];
        var tensor = StoredTensor.Of("a", values, 3, 1);
        values[0] = 7;
        Assert.Equal([1f, 2, 3], tensor.Floats.ToArray());
        tensor.Write(MemoryMarshal.AsBytes<float>([4, 5, 6]));
        Assert.Equal([4f, 5, 6], tensor.Floats.ToArray());
        Assert.Equal("F32 [3, 1]", tensor.Form);
        Assert.Equal(12, tensor.ByteCount);
    }

    [Fact]
    public void Another_number_or_type_of_values_is_refused()
    {
        Assert.Throws<ArgumentException>(() => StoredTensor.Of("a", [1f, 2], 3));
        var tensor = StoredTensor.Of("a", [1.0, 2], 2);
        Assert.Throws<ArgumentException>(() => tensor.Write(new byte[8]));
        Assert.Contains("'a' is F64 [2], not F32", Assert.Throws<InvalidOperationException>(() => tensor.Floats.Length).Message, StringComparison.Ordinal);
        Assert.Equal([1.0, 2], tensor.Doubles.ToArray());
    }

    [Theory]
    [InlineData(0x7f7f, true)]
    [InlineData(0x7f80, false)]
    [InlineData(0xff80, false)]
    [InlineData(0xffc1, false)]
    [InlineData(0x0001, true)]
    public void Brain_numbers_that_are_not_finite_are_known(int bits, bool isFinite) =>
        Assert.Equal(isFinite, new StoredTensor("a", SafetensorsType.BF16, [2], [0, 0, (byte)bits, (byte)(bits >> 8)]).IsFinite);

    [Fact]
    public void Numbers_that_are_not_finite_are_known()
    {
        Assert.True(StoredTensor.Of("a", [float.MaxValue, -0f, float.Epsilon], 3).IsFinite);
        Assert.False(StoredTensor.Of("a", [0, float.NaN], 2).IsFinite);
        Assert.True(StoredTensor.Of("a", [double.MaxValue, 1e-320], 2).IsFinite);
        Assert.False(StoredTensor.Of("a", [0, double.NegativeInfinity], 2).IsFinite);
        Assert.True(new StoredTensor("a", SafetensorsType.I32, [1], [255, 255, 255, 127]).IsFinite);
    }
}
