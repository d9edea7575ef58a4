using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Engine;

/// <summary>
/// The curvature of the dictionary's objective 1/2 ||x - A z||^2 over a batch, the largest eigenvalue of Z^T Z / B: a gradient step overshoots beyond its inverse, and
/// diverges beyond twice that. It is found from below by a few steps of the power method from the longest code, so that a single outlier is seen at once.
/// </summary>
/// <param name="atoms">d.</param>
internal sealed class CodeCurvature(int atoms)
{
    /// <summary>Steps of the power method.</summary>
    public const int Iterations = 4;

    private readonly float[] direction = new float[atoms], product = new float[atoms];

    /// <summary>Shortens a step to the inverse of the curvature, if it is longer.</summary>
    /// <param name="step">The dictionary's step size.</param>
    /// <param name="codes">The batch's codes, [B, d].</param>
    /// <param name="rows">B.</param>
    public double Shorten(double step, MatrixOperand codes, int rows)
    {
        double curvature = Of(codes, rows);
        return step * curvature > 1 ? 1 / curvature : step;
    }

    private double Of(MatrixOperand codes, int rows)
    {
        int longest = 0;
        float most = 0;
        for (int row = 0; row < rows; row++)
            if (RowKernels.SumOfSquares(codes.Row(row, atoms)) is var square && square > most) (longest, most) = (row, square);
        if (most == 0) return 0;
        codes.Row(longest, atoms).CopyTo(direction);
        double length = Math.Sqrt(most);
        for (int i = 0; i < Iterations; i++)
        {
            RowKernels.Scale(direction, (float)(1 / length));
            Array.Clear(product);
            for (int row = 0; row < rows; row++)
            {
                var code = codes.Row(row, atoms);
                RowKernels.ScaleAndAdd(product, 1, code, RowKernels.Dot(code, direction) / rows);
            }
            product.CopyTo(direction);
            length = Math.Sqrt(RowKernels.SumOfSquares(product));
        }
        return length;
    }
}
