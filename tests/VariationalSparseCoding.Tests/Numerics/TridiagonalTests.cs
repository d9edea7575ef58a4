using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Tests.Kernels;
using VariationalSparseCoding.Tests.MapInference;

namespace VariationalSparseCoding.Tests.Numerics;

public class TridiagonalTests
{
    [Theory]
    [InlineData(1), InlineData(2), InlineData(20)]
    public void Eigenvalue_and_eigenvector_are_those_of_Jacobis_rotations(int size)
    {
        double[] diagonal = [.. RandomNumbers.Normal(0, size).Select(value => (double)value)], beside = [.. RandomNumbers.Normal(1, size).Select(value => (double)value)];
        var matrix = Matrix.Zeros(size, size).Map((_, row, column) => row == column ? diagonal[row] : 0);
        for (int i = 0; i < size - 1; i++) matrix[i, i + 1] = matrix[i + 1, i] = beside[i];
        var (values, vectors) = Eigenvalues.Decompose(matrix);
        int largest = Array.IndexOf(values, values.Max());

        double found = Tridiagonal.LargestEigenvalue(diagonal, beside, double.NegativeInfinity);
        Assert.Equal(values[largest], found, 1e-13);
        Assert.Equal(found, Tridiagonal.LargestEigenvalue(diagonal, beside, found - 1e-3), 1e-13);
        Assert.Equal(Math.Abs(vectors[size - 1, largest]), Tridiagonal.LastComponent(diagonal, beside, found), 1e-6);
    }
}
