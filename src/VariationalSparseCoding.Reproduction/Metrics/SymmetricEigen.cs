using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace VariationalSparseCoding.Reproduction.Metrics;

/// <summary>The eigenvalues and eigenvectors of a symmetric matrix, M = V diag(values) V^T.</summary>
/// <param name="Values">Eigenvalues, ascending, [n].</param>
/// <param name="Vectors">Eigenvectors of norm 1, one per row, in the order of the values: V^T, [n, n].</param>
internal sealed record SymmetricEigen(double[] Values, double[] Vectors)
{
    /// <summary>Decomposes a symmetric matrix.</summary>
    /// <param name="matrix">M, [n, n].</param>
    /// <param name="size">n.</param>
    public static SymmetricEigen Of(double[] matrix, int size)
    {
        // A symmetric matrix is the same by rows and by columns; the eigenvectors come as columns of a matrix that is stored by columns.
        var decomposition = new DenseMatrix(size, size, matrix).Evd(Symmetricity.Symmetric);
        return new(Array.ConvertAll(decomposition.EigenValues.ToArray(), value => value.Real), decomposition.EigenVectors.ToColumnMajorArray());
    }
}
