using VariationalSparseCoding.Kernels;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Kernels;

public class CholeskyTests
{
    [Theory]
    [InlineData(1), InlineData(7), InlineData(8), InlineData(45), InlineData(64)]
    public void The_factor_is_that_of_the_library(int size)
    {
        using var scope = NewDisposeScope();
        var factor = tensor(RandomNumbers.Normal(0, size * size), [size, size]).to(float64);
        var matrix = factor.t().mm(factor) + eye(size, dtype: float64);
        var (values, stride) = Padded(matrix);
        Assert.True(Cholesky.IsPositiveDefinite(values.Span, size, stride));
        double[] expected = linalg.cholesky(matrix).t().contiguous().data<double>().ToArray();
        for (int row = 0; row < size; row++)
            for (int column = row; column < size; column++)
                Assert.Equal(expected[row * size + column], values.Span[row * stride + column], 1e-10);
    }

    [Theory]
    [InlineData(1), InlineData(9), InlineData(45)]
    public void An_eigenvalue_below_0_is_found(int size)
    {
        using var scope = NewDisposeScope();
        var vectors = linalg.qr(tensor(RandomNumbers.Normal(1, size * size), [size, size]).to(float64)).Q;
        foreach (double smallest in new[] { 1e-9, -1e-9, double.NaN })
        {
            var eigenvalues = ones(size, float64);
            eigenvalues[size / 2] = smallest;
            var (values, stride) = Padded((vectors * eigenvalues).mm(vectors.t()));
            Assert.Equal(smallest > 0, Cholesky.IsPositiveDefinite(values.Span, size, stride));
        }
    }

    private static (AlignedVector Values, int Stride) Padded(Tensor matrix)
    {
        int size = (int)matrix.shape[0], stride = (size + 7) / 8 * 8;
        var values = new AlignedVector(size * stride);
        double[] all = matrix.contiguous().data<double>().ToArray();
        for (int row = 0; row < size; row++) all.AsSpan(row * size, size).CopyTo(values.Span[(row * stride)..]);
        return (values, stride);
    }
}
