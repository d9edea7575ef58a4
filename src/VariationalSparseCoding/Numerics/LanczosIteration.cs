using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Numerics;

/// <summary>
/// The Lanczos iteration with full reorthogonalisation: an orthonormal basis V of the Krylov space of a symmetric matrix G in which it is tridiagonal,
/// V G V^T = T, in float64 on the calling thread. The largest eigenvalue of T is the largest Rayleigh quotient of G in that space.
/// </summary>
internal sealed class LanczosIteration
{
    private const int MaximumSteps = 120, CheckInterval = 4;
    private const double BreakdownTolerance = 1e-14;
    private readonly int vectors, limit;
    private readonly AlignedVector basis, image;
    private readonly double[] diagonal, offDiagonal;
    private readonly int size;

    /// <summary>Creates the buffers.</summary>
    /// <param name="size">n.</param>
    /// <param name="stride">The length of a row of G, a multiple of 8.</param>
    public LanczosIteration(int size, int stride)
    {
        (this.size, vectors, limit) = (size, stride / Vector512<double>.Count, Math.Min(MaximumSteps, size));
        (basis, image) = (new(limit * stride), new(stride));
        (diagonal, offDiagonal) = (new double[limit], new double[limit]);
    }

    /// <summary>An estimate of the largest eigenvalue, not above it but for rounding. A pure function of the matrix.</summary>
    /// <param name="matrix">G, symmetric, finite, [n, stride]; zeros past n.</param>
    /// <param name="tolerance">The norm of the eigenvector's residual, relative to the estimate, at which the iteration ends.</param>
    public double LargestEigenvalue(ReadOnlySpan<double> matrix, double tolerance)
    {
        // Without structure, so that no structure of the matrix makes it orthogonal to the eigenvector sought.
        for (int i = 0; i < size; i++) image.Span[i] = Math.Sin(i + 1);
        double norm = Norm(Image), estimate = double.NegativeInfinity;
        for (int step = 1; ; step++)
        {
            Scale(Image, 1 / norm, Row(step - 1));
            Multiply(MemoryMarshal.Cast<double, Vector512<double>>(matrix), Row(step - 1), image.Span[..size]);
            diagonal[step - 1] = Dot(Image, Row(step - 1));
            Orthogonalise(step);
            offDiagonal[step - 1] = norm = Norm(Image);
            bool ended = step == limit || norm <= BreakdownTolerance * Math.Abs(diagonal[0]);
            if (!ended && step % CheckInterval != 0) continue;
            estimate = Tridiagonal.LargestEigenvalue(diagonal.AsSpan(0, step), offDiagonal, estimate);
            if (ended || norm * Tridiagonal.LastComponent(diagonal.AsSpan(0, step), offDiagonal, estimate) <= tolerance * estimate) return estimate;
        }
    }

    private Span<Vector512<double>> Image => MemoryMarshal.Cast<double, Vector512<double>>(image.Span);

    private Span<Vector512<double>> Row(int step) => MemoryMarshal.Cast<double, Vector512<double>>(basis.Span).Slice(step * vectors, vectors);

    /// <summary>Takes the basis out of the image, twice: once leaves what rounding brought in.</summary>
    private void Orthogonalise(int steps)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            for (int step = 0; step < steps; step++)
            {
                Span<Vector512<double>> row = Row(step), target = Image;
                var factor = Vector512.Create(-Dot(target, row));
                for (int i = 0; i < target.Length; i++) target[i] = Vector512.MultiplyAddEstimate(factor, row[i], target[i]);
            }
        }
    }

    /// <summary>G v. Four rows at once, whose chains of additions run side by side.</summary>
    private void Multiply(ReadOnlySpan<Vector512<double>> matrix, ReadOnlySpan<Vector512<double>> vector, Span<double> product)
    {
        int row = 0;
        for (; row <= product.Length - 4; row += 4)
        {
            ReadOnlySpan<Vector512<double>> r0 = matrix.Slice(row * vectors, vectors), r1 = matrix.Slice((row + 1) * vectors, vectors);
            ReadOnlySpan<Vector512<double>> r2 = matrix.Slice((row + 2) * vectors, vectors), r3 = matrix.Slice((row + 3) * vectors, vectors);
            Vector512<double> s0 = default, s1 = default, s2 = default, s3 = default;
            for (int i = 0; i < vector.Length; i++)
            {
                var v = vector[i];
                s0 = Vector512.MultiplyAddEstimate(r0[i], v, s0);
                s1 = Vector512.MultiplyAddEstimate(r1[i], v, s1);
                s2 = Vector512.MultiplyAddEstimate(r2[i], v, s2);
                s3 = Vector512.MultiplyAddEstimate(r3[i], v, s3);
            }
            (product[row], product[row + 1], product[row + 2], product[row + 3]) = (Vector512.Sum(s0), Vector512.Sum(s1), Vector512.Sum(s2), Vector512.Sum(s3));
        }
        for (; row < product.Length; row++) product[row] = Dot(matrix.Slice(row * vectors, vectors), vector);
    }

    private static double Norm(ReadOnlySpan<Vector512<double>> vector) => Math.Sqrt(Dot(vector, vector));

    private static double Dot(ReadOnlySpan<Vector512<double>> left, ReadOnlySpan<Vector512<double>> right)
    {
        Vector512<double> even = default, odd = default;
        int i = 0;
        for (; i < left.Length - 1; i += 2)
        {
            even = Vector512.MultiplyAddEstimate(left[i], right[i], even);
            odd = Vector512.MultiplyAddEstimate(left[i + 1], right[i + 1], odd);
        }
        if (i < left.Length) even = Vector512.MultiplyAddEstimate(left[i], right[i], even);
        return Vector512.Sum(even + odd);
    }

    private static void Scale(ReadOnlySpan<Vector512<double>> vector, double factor, Span<Vector512<double>> scaled)
    {
        for (int i = 0; i < vector.Length; i++) scaled[i] = vector[i] * factor;
    }
}
