using VariationalSparseCoding.Tests.MapInference;

namespace VariationalSparseCoding.Tests.Numerics;

/// <summary>Eigenvalues of symmetric matrices by Jacobi's rotations: slow, and right to the last digits.</summary>
internal static class Eigenvalues
{
    /// <summary>The eigenvalues, in no order.</summary>
    public static double[] OfSymmetric(Matrix matrix) => Decompose(matrix).Values;

    /// <summary>The eigenvalues, in no order, and the eigenvectors as columns.</summary>
    public static (double[] Values, Matrix Vectors) Decompose(Matrix matrix)
    {
        int size = matrix.Rows;
        Matrix a = matrix.Map((value, _, _) => value), vectors = Matrix.Identity(size);
        double scale = matrix.Values.Sum(value => value * value);
        for (int sweep = 0; sweep < 50 && Beside(a) > 1e-30 * scale; sweep++)
            for (int p = 0; p < size - 1; p++)
                for (int q = p + 1; q < size; q++) Rotate(a, vectors, p, q);
        return ([.. Enumerable.Range(0, size).Select(i => a[i, i])], vectors);
    }

    private static double Beside(Matrix a)
    {
        double sum = 0;
        for (int row = 0; row < a.Rows; row++)
            for (int column = 0; column < row; column++) sum += 2 * a[row, column] * a[row, column];
        return sum;
    }

    /// <summary>Turns the plane of two axes so that the entry beside the diagonal vanishes.</summary>
    private static void Rotate(Matrix a, Matrix vectors, int p, int q)
    {
        if (a[p, q] == 0) return;
        double theta = (a[q, q] - a[p, p]) / (2 * a[p, q]), t = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        double c = 1 / Math.Sqrt(t * t + 1), s = t * c;
        for (int k = 0; k < a.Rows; k++) (a[k, p], a[k, q]) = (c * a[k, p] - s * a[k, q], s * a[k, p] + c * a[k, q]);
        for (int k = 0; k < a.Rows; k++) (a[p, k], a[q, k]) = (c * a[p, k] - s * a[q, k], s * a[p, k] + c * a[q, k]);
        for (int k = 0; k < a.Rows; k++) (vectors[k, p], vectors[k, q]) = (c * vectors[k, p] - s * vectors[k, q], s * vectors[k, p] + c * vectors[k, q]);
    }
}
