using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Tests.MapInference;

namespace VariationalSparseCoding.Tests.Kernels;

public class CholeskyTests
{
    [Theory]
    [InlineData(1), InlineData(7), InlineData(8), InlineData(45), InlineData(64)]
    public void The_factor_times_itself_is_the_matrix(int size)
    {
        var matrix = PositiveDefinite(size);
        var (values, stride) = Padded(matrix);
        Assert.True(Cholesky.IsPositiveDefinite(values.Span, size, stride));
        var factor = Matrix.Zeros(size, size).Map((_, row, column) => column < row ? 0 : values.Span[row * stride + column]);
        Assert.InRange((factor.Transposed * factor - matrix).Largest, 0, 1e-10);
        for (int i = 0; i < size; i++) Assert.True(factor[i, i] > 0);
    }

    [Theory]
    [InlineData(1), InlineData(7), InlineData(8), InlineData(45), InlineData(64)]
    public void The_inverse_times_the_matrix_is_the_identity(int size)
    {
        var matrix = PositiveDefinite(size);
        var (values, stride) = Padded(matrix);
        var inverse = new AlignedVector(size * stride);
        inverse.Span.Fill(double.NaN);
        Assert.True(Cholesky.IsPositiveDefinite(values.Span, size, stride));
        Cholesky.Invert(values.Span, inverse.Span, size, stride);
        var found = Matrix.Zeros(size, size).Map((_, row, column) => inverse.Span[row * stride + column]);
        Assert.InRange((found * matrix - Matrix.Identity(size)).Largest, 0, 1e-10);
        for (int row = 0; row < size; row++) Assert.All(inverse.Span.Slice(row * stride + size, stride - size).ToArray(), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(1), InlineData(9), InlineData(45)]
    public void An_eigenvalue_below_0_is_found(int size)
    {
        // A reflection of a diagonal matrix, H D H with H = I - 2 v v^T / v^T v, keeps its eigenvalues.
        double[] v = [.. RandomNumbers.Normal(1, size).Select(value => (double)value)];
        double squaredNorm = v.Sum(value => value * value);
        var reflection = Matrix.Identity(size).Map((value, row, column) => value - 2 * v[row] * v[column] / squaredNorm);
        foreach (double smallest in new[] { 1e-9, -1e-9, double.NaN })
        {
            var eigenvalues = Matrix.Identity(size);
            eigenvalues[size / 2, size / 2] = smallest;
            var (values, stride) = Padded(reflection * eigenvalues * reflection);
            Assert.Equal(smallest > 0, Cholesky.IsPositiveDefinite(values.Span, size, stride));
        }
    }

    private static Matrix PositiveDefinite(int size)
    {
        var factor = new Matrix([.. RandomNumbers.Normal(0, size * size).Select(value => (double)value)], size);
        return factor.Transposed * factor + Matrix.Identity(size);
    }

    private static (AlignedVector Values, int Stride) Padded(Matrix matrix)
    {
        int size = matrix.Rows, stride = (size + 7) / 8 * 8;
        var values = new AlignedVector(size * stride);
        for (int row = 0; row < size; row++) matrix.Row(row).CopyTo(values.Span[(row * stride)..]);
        return (values, stride);
    }
}
