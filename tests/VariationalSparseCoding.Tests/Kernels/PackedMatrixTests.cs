using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.Kernels;

public class PackedMatrixTests
{
    [Theory]
    [InlineData(1, 1), InlineData(3, 32), InlineData(30, 45), InlineData(45, 30), InlineData(64, 100)]
    public void Products_are_those_of_the_plain_loop(int rows, int columns)
    {
        double[] values = Values(rows * columns, 1), left = Values(2 * PackedMatrix.RowBlock * rows, 2);
        var matrix = new PackedMatrix(values, rows, columns);
        Assert.InRange(matrix.ProductStride, columns, columns + 31);
        double[] product = new double[2 * PackedMatrix.RowBlock * matrix.ProductStride];
        matrix.MultiplyFromLeft(left, product);
        for (int row = 0; row < 2 * PackedMatrix.RowBlock; row++)
        {
            for (int column = 0; column < matrix.ProductStride; column++)
            {
                double expected = column < columns ? Enumerable.Range(0, rows).Sum(i => left[row * rows + i] * values[i * columns + column]) : 0;
                Assert.Equal(expected, product[row * matrix.ProductStride + column], 1e-13);
            }
        }
    }

    [Fact]
    public void A_row_of_the_product_does_not_depend_on_the_other_rows()
    {
        const int Rows = 37, Columns = 50;
        var matrix = new PackedMatrix(Values(Rows * Columns, 3), Rows, Columns);
        double[] left = Values(PackedMatrix.RowBlock * Rows, 4), alone = new double[left.Length];
        left.AsSpan(0, Rows).CopyTo(alone.AsSpan(5 * Rows));
        double[] first = new double[PackedMatrix.RowBlock * matrix.ProductStride], last = new double[first.Length];
        matrix.MultiplyFromLeft(left, first);
        matrix.MultiplyFromLeft(alone, last);
        Assert.Equal(first[..matrix.ProductStride], last[^matrix.ProductStride..]);
    }

    [Fact]
    public void Columns_are_copied_as_rows()
    {
        const int Rows = 5, Columns = 70;
        double[] values = Values(Rows * Columns, 5), columns = new double[40 * Rows];
        new PackedMatrix(values, Rows, Columns).CopyColumns(20, 40, columns);
        for (int column = 0; column < 40; column++)
        {
            for (int row = 0; row < Rows; row++) Assert.Equal(values[row * Columns + 20 + column], columns[column * Rows + row]);
        }
    }

    [Fact]
    public void Operands_that_do_not_fit_are_refused()
    {
        var matrix = new PackedMatrix(new double[12], 3, 4);
        Assert.ThrowsAny<ArgumentException>(() => matrix.MultiplyFromLeft(new double[5 * 3], new double[6 * 32]));
        Assert.ThrowsAny<ArgumentException>(() => matrix.MultiplyFromLeft(new double[6 * 3], new double[5 * 32]));
    }

    private static double[] Values(int count, uint seed)
    {
        var random = new CounterRandom(new NoiseKey(seed, NoisePurpose.Data, 0));
        return [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextDouble() - 1)];
    }
}
