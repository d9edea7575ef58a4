using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Tests.Kernels;

namespace VariationalSparseCoding.Tests.Engine;

public sealed class CodeCurvatureTests
{
    private const int Rows = 50, Atoms = 21;

    [Fact]
    public void A_step_is_shortened_to_the_inverse_of_the_largest_eigenvalue()
    {
        // Z = 3 u v^T has the single eigenvalue 9 |u|^2 |v|^2 / B of Z^T Z / B.
        float[] u = RandomNumbers.Normal(0, Rows), v = RandomNumbers.Normal(1, Atoms);
        var codes = new FloatMatrix(Rows, Atoms);
        for (int row = 0; row < Rows; row++)
            for (int atom = 0; atom < Atoms; atom++) codes[row][atom] = 3 * u[row] * v[atom];
        double eigenvalue = 9.0 * u.Sum(value => value * value) * v.Sum(value => value * value) / Rows;
        Assert.Equal(1 / eigenvalue, new CodeCurvature(Atoms).Shorten(1e6, codes.Operand, Rows), 1e-5 / eigenvalue);
        GC.KeepAlive(codes);
    }

    [Fact]
    public void The_eigenvalue_of_dense_codes_is_found_within_a_factor_that_a_step_bears()
    {
        var codes = new FloatMatrix(Rows, Atoms);
        RandomNumbers.Normal(2, Rows * Atoms).CopyTo(codes.All);
        double eigenvalue = LargestEigenvalue(codes), found = 1 / new CodeCurvature(Atoms).Shorten(1e6, codes.Operand, Rows);
        Assert.InRange(found, 0.7 * eigenvalue, 1.0001 * eigenvalue);
    }

    [Fact]
    public void Short_steps_and_codes_of_zero_change_nothing()
    {
        var codes = new FloatMatrix(Rows, Atoms);
        var curvature = new CodeCurvature(Atoms);
        Assert.Equal(0.5, curvature.Shorten(0.5, codes.Operand, Rows));
        RandomNumbers.Normal(3, Rows * Atoms).CopyTo(codes.All);
        Assert.Equal(1e-3, curvature.Shorten(1e-3, codes.Operand, Rows));
        GC.KeepAlive(codes);
    }

    [Fact]
    public void A_single_outlier_is_seen()
    {
        var codes = new FloatMatrix(Rows, Atoms);
        RandomNumbers.Normal(4, Rows * Atoms).CopyTo(codes.All);
        codes[7].Fill(1e4f);
        Assert.InRange(new CodeCurvature(Atoms).Shorten(0.5, codes.Operand, Rows), 0.99 * Rows / (Atoms * 1e8), 1.01 * Rows / (Atoms * 1e8));
        GC.KeepAlive(codes);
    }

    private static double LargestEigenvalue(FloatMatrix codes)
    {
        double[] vector = [.. Enumerable.Repeat(1.0, Atoms)];
        double length = 0;
        for (int i = 0; i < 1000; i++)
        {
            double[] next = new double[Atoms];
            for (int row = 0; row < Rows; row++)
            {
                double product = 0;
                for (int atom = 0; atom < Atoms; atom++) product += codes[row][atom] * vector[atom];
                for (int atom = 0; atom < Atoms; atom++) next[atom] += product * codes[row][atom] / Rows;
            }
            length = Math.Sqrt(next.Sum(value => value * value));
            vector = [.. next.Select(value => value / length)];
        }
        return length;
    }
}
