using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Tests.Kernels;

public class MatrixProductTests
{
    public static TheoryData<int, int, int> Sizes() => new()
    {
        { 1, 1, 1 }, { 2, 31, 3 }, { 3, 33, 8 }, { 4, 15, 9 }, { 5, 64, 17 }, { 7, 45, 30 }, { 8, 16, 255 }, { 9, 17, 256 }, { 10, 1, 257 }, { 11, 48, 31 },
        { 12, 32, 64 }, { 13, 100, 7 }, { 50, 257, 40 }, { 100, 256, 300 }, { 6, 300, 1030 }, { 0, 40, 3 }, { 3, 0, 3 },
    };

    [Trait("Category", "Slow")]
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_element_is_one_chain_of_multiply_adds(int rows, int columns, int depth)
    {
        for (int form = 0; form < 16; form++)
        {
            bool leftTransposed = (form & 1) != 0, rightTransposed = (form & 2) != 0, added = (form & 4) != 0, rectified = (form & 8) != 0;
            float[,] a = Normal(0, rows, depth), b = Normal(1, depth, columns), c = Normal(2, rows, columns);
            float[,] expected = Expected(a, b, (i, j) => added ? c[i, j] : 0, rectified);
            using Stored left = new(a, leftTransposed), right = new(b, rightTransposed), result = new(c, false);
            MatrixProduct.Multiply(left.Operand, right.Operand, result.Operand, rows, columns, depth, added ? result.Operand : default, rectified: rectified);
            Assert.Equal(expected, result.Numbers());
            Assert.True(result.SurroundingsAreIntact(), $"form {form} wrote beyond the product");
        }
    }

    [Fact]
    public void A_bias_is_added_to_every_row()
    {
        const int rows = 25, columns = 45, depth = 300;
        float[,] a = Normal(0, rows, depth), b = Normal(1, depth, columns), bias = Normal(2, 1, columns);
        using Stored left = new(a, false), right = new(b, true), start = new(bias, false), result = new(new float[rows, columns], false);
        MatrixProduct.Multiply(left.Operand, right.Operand, result.Operand, rows, columns, depth, start.Operand.Repeated, rectified: true);
        Assert.Equal(Expected(a, b, (_, j) => bias[0, j], rectified: true), result.Numbers());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_right_side_takes_a_factor(bool transposed)
    {
        const int rows = 3, columns = 45, depth = 18;
        float[,] a = Normal(0, rows, depth), b = Normal(1, depth, columns), scaled = (float[,])b.Clone();
        for (int i = 0; i < depth; i++)
            for (int j = 0; j < columns; j++)
                scaled[i, j] *= -0.3f;
        using Stored left = new(a, false), right = new(b, transposed), result = new(new float[rows, columns], false);
        MatrixProduct.Multiply(left.Operand, right.Operand, result.Operand, rows, columns, depth, factor: -0.3f);
        Assert.Equal(Expected(a, scaled, (_, _) => 0, false), result.Numbers());
    }

    [Fact]
    public void Parts_of_rows_and_columns_have_the_bits_of_the_whole()
    {
        const int rows = 29, columns = 77, depth = 270;
        float[,] a = Normal(0, rows, depth), b = Normal(1, depth, columns);
        using Stored left = new(a, false), right = new(b, false), result = new(new float[rows, columns], false);
        int[] rowBounds = [0, 1, 14, rows], columnBounds = [0, 32, 45, columns];
        foreach (var (row, nextRow) in rowBounds.Zip(rowBounds[1..]))
            foreach (var (column, nextColumn) in columnBounds.Zip(columnBounds[1..]))
                MatrixProduct.Multiply(left.Operand.From(row), right.Operand.From(0, column), result.Operand.From(row, column), nextRow - row, nextColumn - column, depth);
        Assert.Equal(Expected(a, b, (_, _) => 0, false), result.Numbers());
    }

    [Fact]
    public void A_relu_does_not_hide_what_is_not_a_number()
    {
        using Stored left = new(new[,] { { float.NaN }, { -1 } }, false), right = new(new[,] { { 1f } }, false), result = new(new float[2, 1], false);
        MatrixProduct.Multiply(left.Operand, right.Operand, result.Operand, 2, 1, 1, rectified: true);
        Assert.Equal(new[,] { { float.NaN }, { 0 } }, result.Numbers());
    }

    [Fact]
    public void A_product_does_not_allocate()
    {
        using Stored left = new(Normal(0, 13, 40), false), right = new(Normal(1, 40, 45), true), result = new(new float[13, 45], false);
        MatrixProduct.Multiply(left.Operand, right.Operand, result.Operand, 13, 45, 40);
        long before = GC.GetAllocatedBytesForCurrentThread();
        MatrixProduct.Multiply(left.Operand, right.Operand, result.Operand, 13, 45, 40);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static float[,] Expected(float[,] a, float[,] b, Func<int, int, float> start, bool rectified)
    {
        var c = new float[a.GetLength(0), b.GetLength(1)];
        for (int i = 0; i < c.GetLength(0); i++)
            for (int j = 0; j < c.GetLength(1); j++)
            {
                float sum = start(i, j);
                for (int k = 0; k < a.GetLength(1); k++) sum = float.MultiplyAddEstimate(a[i, k], b[k, j], sum);
                c[i, j] = rectified ? Math.Max(0, sum) : sum;
            }
        return c;
    }

    private static float[,] Normal(int stream, int rows, int columns)
    {
        var matrix = new float[rows, columns];
        float[] numbers = RandomNumbers.Normal(stream, rows * columns);
        for (int i = 0; i < numbers.Length; i++) matrix[i / columns, i % columns] = numbers[i];
        return matrix;
    }

    /// <summary>A matrix in memory, row by row or column by column, with numbers around it that nobody may write.</summary>
    private sealed unsafe class Stored : IDisposable
    {
        private const float Untouched = 12345;
        private const int Margin = 3;
        private readonly float[] memory;
        private readonly System.Runtime.InteropServices.GCHandle handle;
        private readonly int rows, columns, stride;
        private readonly bool transposed;

        public Stored(float[,] numbers, bool transposed)
        {
            this.transposed = transposed;
            (rows, columns) = (numbers.GetLength(0), numbers.GetLength(1));
            stride = (transposed ? rows : columns) + 2 * Margin;
            memory = new float[((transposed ? columns : rows) + 2) * stride];
            Array.Fill(memory, Untouched);
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++)
                    memory[Place(i, j)] = numbers[i, j];
            handle = System.Runtime.InteropServices.GCHandle.Alloc(memory, System.Runtime.InteropServices.GCHandleType.Pinned);
        }

        public MatrixOperand Operand
        {
            get
            {
                float* start = (float*)handle.AddrOfPinnedObject() + stride + Margin;
                return transposed ? new MatrixOperand(start, stride).Transposed : new(start, stride);
            }
        }

        public float[,] Numbers()
        {
            var numbers = new float[rows, columns];
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++)
                    numbers[i, j] = memory[Place(i, j)];
            return numbers;
        }

        public bool SurroundingsAreIntact() => memory.Count(number => number == Untouched) == memory.Length - rows * columns;

        public void Dispose() => handle.Free();

        private int Place(int row, int column) => transposed ? (column + 1) * stride + Margin + row : (row + 1) * stride + Margin + column;
    }
}
