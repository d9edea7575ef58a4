using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Tests.Kernels;

public class FloatMatrixTests
{
    [Theory]
    [InlineData(3, 5, false), InlineData(3, 5, true), InlineData(4, 16, true), InlineData(2, 32, true), InlineData(7, 33, true), InlineData(0, 5, false), InlineData(5, 0, true)]
    public unsafe void Rows_start_where_they_should_and_do_not_overlap(int rows, int columns, bool padded)
    {
        var matrix = new FloatMatrix(rows, columns, padded);
        Assert.Equal((rows, columns, rows * matrix.Stride), (matrix.Rows, matrix.Columns, matrix.Memory.Length));
        Assert.Equal(0, (nint)matrix.Operand.Start % 64);
        if (padded) Assert.Equal(1, matrix.Stride / 16 % 2);
        else Assert.Equal(columns, matrix.Stride);
        Assert.True(matrix.Stride >= columns);
        for (int row = 0; row < rows; row++) matrix[row].Fill(row + 1);
        for (int row = 0; row < rows; row++)
        {
            Assert.All(matrix[row].ToArray(), value => Assert.Equal(row + 1, value));
            Assert.Equal(columns, matrix[row].Length);
            for (int column = 0; column < columns; column++) Assert.Equal(row + 1, matrix.Operand.From(row, column).Start[0]);
        }
        GC.KeepAlive(matrix);
    }

    [Fact]
    public void Numbers_stay_where_they_are_when_memory_is_collected()
    {
        FloatMatrix[] matrices = [.. Enumerable.Range(0, 50).Select(i => new FloatMatrix(3, 20 + i, padded: i % 2 == 0))];
        nint[] before = [.. matrices.Select(Address)];
        for (int i = 0; i < 3; i++) GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        Assert.Equal(before, matrices.Select(Address));

        static unsafe nint Address(FloatMatrix matrix) => (nint)matrix.Operand.Start;
    }

    [Fact]
    public void What_does_not_exist_is_refused()
    {
        var padded = new FloatMatrix(3, 5, padded: true);
        Assert.Throws<ArgumentOutOfRangeException>(() => padded[3].Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => padded[-1].Length);
        Assert.Throws<InvalidOperationException>(() => padded.All.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FloatMatrix(-1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FloatMatrix(2, -1));
        Assert.Throws<OverflowException>(() => new FloatMatrix(1 << 16, 1 << 16));
        Assert.Throws<ArgumentException>(() => padded.CopyTransposed(new(3, 5), 0, 3));
    }

    [Theory]
    [InlineData(45, 37, 0, 37, false), InlineData(45, 37, 5, 30, true), InlineData(16, 16, 0, 16, false), InlineData(1, 3, 1, 1, true)]
    public void Rows_of_a_transpose_are_the_columns(int rows, int columns, int first, int count, bool padded)
    {
        FloatMatrix source = new(rows, columns, padded), transposed = new(columns, rows, !padded);
        float[] numbers = RandomNumbers.Normal(0, rows * columns);
        for (int row = 0; row < rows; row++) numbers.AsSpan(row * columns, columns).CopyTo(source[row]);
        transposed.CopyTransposed(source, first, count);
        for (int row = 0; row < columns; row++)
            for (int column = 0; column < rows; column++)
                Assert.Equal(row >= first && row < first + count ? source[column][row] : 0, transposed[row][column]);
    }
}
