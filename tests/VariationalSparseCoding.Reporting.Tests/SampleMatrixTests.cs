namespace VariationalSparseCoding.Reporting.Tests;

public class SampleMatrixTests
{
    [Fact]
    public void Transposing_exchanges_rows_and_columns()
    {
        SampleMatrix transposed = new SampleMatrix([1, 2, 3, 4, 5, 6], 2, 3).Transpose();
        Assert.Equal((3, 2), (transposed.Rows, transposed.Columns));
        Assert.Equal([2, 5], transposed.Row(1).ToArray());
    }

    [Fact]
    public void A_buffer_of_another_size_is_refused() => Assert.Throws<ArgumentException>(() => new SampleMatrix(new float[5], 2, 3));

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(0)]
    public void Patches_are_grey_or_of_three_colours(int channels) => Assert.Throws<ArgumentOutOfRangeException>(() => SampleShape.Patch(8, 8, channels));
}
