using VariationalSparseCoding.Kernels;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Kernels;

public class TridiagonalTests
{
    [Theory]
    [InlineData(1), InlineData(2), InlineData(20)]
    public void Eigenvalue_and_eigenvector_are_those_of_the_library(int size)
    {
        using var scope = NewDisposeScope();
        double[] diagonal = [.. RandomNumbers.Normal(0, size).Select(value => (double)value)], beside = [.. RandomNumbers.Normal(1, size).Select(value => (double)value)];
        var matrix = diag(tensor(diagonal));
        for (int i = 0; i < size - 1; i++) matrix[i, i + 1] = matrix[i + 1, i] = beside[i];
        var (values, vectors) = linalg.eigh(matrix);

        double found = Tridiagonal.LargestEigenvalue(diagonal, beside, double.NegativeInfinity);
        Assert.Equal(values[size - 1].item<double>(), found, 1e-13);
        Assert.Equal(found, Tridiagonal.LargestEigenvalue(diagonal, beside, found - 1e-3), 1e-13);
        Assert.Equal(Math.Abs(vectors[size - 1, size - 1].item<double>()), Tridiagonal.LastComponent(diagonal, beside, found), 1e-6);
    }
}
