using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Tests.Kernels;
using VariationalSparseCoding.Tests.MapInference;

namespace VariationalSparseCoding.Tests.Numerics;

[Trait("Category", "Slow")]
public class LanczosIterationTests
{
    [Theory]
    [InlineData(1), InlineData(2), InlineData(7), InlineData(45), InlineData(256)]
    public void The_largest_eigenvalue_is_that_of_Jacobis_rotations(int size)
    {
        var factor = new Matrix([.. RandomNumbers.Normal(0, size * size).Select(value => (double)value)], size);
        var matrix = factor.Transposed * factor;
        int stride = (size + 7) / 8 * 8;
        var values = new AlignedVector(size * stride);
        for (int row = 0; row < size; row++) matrix.Row(row).CopyTo(values.Span[(row * stride)..]);

        double expected = Eigenvalues.OfSymmetric(matrix).Max();
        var lanczos = new LanczosIteration(size, stride);
        double found = lanczos.LargestEigenvalue(values.Span, 1e-7);
        Assert.InRange(found / expected, 1 - 1e-11, 1 + 1e-13);
        Assert.Equal(found, lanczos.LargestEigenvalue(values.Span, 1e-7));
    }

    [Fact]
    public void A_multiple_of_the_identity_ends_at_once()
    {
        var values = new AlignedVector(64);
        for (int i = 0; i < 5; i++) values.Span[i * 9] = 3;
        Assert.Equal(3, new LanczosIteration(5, 8).LargestEigenvalue(values.Span, 1e-7), 1e-14);
    }
}
