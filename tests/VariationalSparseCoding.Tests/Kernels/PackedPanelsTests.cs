using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Tests.Kernels;

public class PackedPanelsTests
{
    [Theory]
    [MemberData(nameof(MatrixProductTests.Sizes), MemberType = typeof(MatrixProductTests))]
    [InlineData(25, 515, 513)]
    [InlineData(1, 256, 512)]
    public void A_product_has_the_bits_of_the_one_that_copies_each_time(int rows, int columns, int depth)
    {
        FloatMatrix a = Normal(0, rows, depth), b = Normal(1, depth, columns), transposed = new(columns, depth, padded: true), bias = Normal(2, 1, columns);
        transposed.CopyTransposed(b, 0, columns);
        foreach (var source in new[] { b.Operand, transposed.Operand.Transposed })
        {
            var panels = new PackedPanels(source, depth, columns);
            Assert.Equal((depth, columns), (panels.Depth, panels.Columns));
            foreach (bool rectified in new[] { false, true })
            {
                FloatMatrix expected = Normal(3, rows, columns), actual = Normal(4, rows, columns), added = Normal(5, rows, columns), addedTo = Normal(5, rows, columns);
                MatrixProduct.Multiply(a.Operand, b.Operand, expected.Operand, rows, columns, depth, bias.Operand.Repeated, rectified: rectified);
                MatrixProduct.Multiply(a.Operand, panels, actual.Operand, rows, bias.Operand.Repeated, rectified);
                AssertEqual(expected, actual);
                MatrixProduct.Multiply(a.Operand, b.Operand, added.Operand, rows, columns, depth, added.Operand, rectified: rectified);
                MatrixProduct.Multiply(a.Operand, panels, addedTo.Operand, rows, addedTo.Operand, rectified);
                AssertEqual(added, addedTo);
            }
            GC.KeepAlive(panels);
        }
        GC.KeepAlive((a, b, transposed, bias));
    }

    private static void AssertEqual(FloatMatrix expected, FloatMatrix actual)
    {
        for (int row = 0; row < expected.Rows; row++)
            for (int column = 0; column < expected.Columns; column++)
                Assert.Equal(BitConverter.SingleToInt32Bits(expected[row][column]), BitConverter.SingleToInt32Bits(actual[row][column]));
    }

    private static FloatMatrix Normal(int stream, int rows, int columns)
    {
        var matrix = new FloatMatrix(rows, columns, padded: true);
        float[] numbers = RandomNumbers.Normal(stream, rows * columns);
        for (int row = 0; row < rows; row++) numbers.AsSpan(row * columns, columns).CopyTo(matrix[row]);
        return matrix;
    }
}
