using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Kernels;

/// <summary>The Cholesky factorisation M = R^T R, as a test of positive definiteness and for the inverse, in float64 on the calling thread.</summary>
internal static class Cholesky
{
    // Rows that are subtracted from the rest together, so that the rest is read and written once for all of them.
    private const int Block = 8;

    /// <summary>Whether every pivot of the factorisation is above 0.</summary>
    /// <param name="matrix">M, symmetric, [n, stride]; only its upper triangle is read. R takes its place.</param>
    /// <param name="size">n.</param>
    /// <param name="stride">The length of a row, a multiple of 8; what lies past n is finite.</param>
    public static bool IsPositiveDefinite(Span<double> matrix, int size, int stride)
    {
        var rows = MemoryMarshal.Cast<double, Vector512<double>>(matrix);
        int vectors = stride / Vector512<double>.Count;
        for (int first = 0; first < size; first += Block)
        {
            int end = Math.Min(first + Block, size);
            if (!FactorRows(matrix, rows, first, end, stride)) return false;
            for (int row = end; row < size; row++) SubtractRows(matrix, rows[(first * vectors)..], rows.Slice(row * vectors, vectors), first, row, stride);
        }
        return true;
    }

    /// <summary>M^-1 = R^-1 R^-T from the factor, row by row: forward and backward substitution for all columns of the identity at once.</summary>
    /// <param name="factor">R, [n, stride]; only its upper triangle is read.</param>
    /// <param name="inverse">Receives M^-1, [n, stride].</param>
    /// <param name="size">n.</param>
    /// <param name="stride">The length of a row, a multiple of 8.</param>
    public static void Invert(ReadOnlySpan<double> factor, Span<double> inverse, int size, int stride)
    {
        inverse[..(size * stride)].Clear();
        for (int row = 0; row < size; row++)
        {
            // R^-T is a lower triangle: row k is 0 past k.
            int width = LassoKernels.PaddedLength(row + 1);
            var own = inverse.Slice(row * stride, width);
            own[row] = 1;
            for (int above = 0; above < row; above++)
            {
                int length = LassoKernels.PaddedLength(above + 1);
                LassoKernels.AddScaled(own[..length], inverse.Slice(above * stride, length), -factor[above * stride + row]);
            }
            foreach (ref double value in own) value /= factor[row * stride + row];
        }
        for (int row = size - 1; row >= 0; row--)
        {
            var own = inverse.Slice(row * stride, stride);
            for (int below = row + 1; below < size; below++) LassoKernels.AddScaled(own, inverse.Slice(below * stride, stride), -factor[row * stride + below]);
            foreach (ref double value in own) value /= factor[row * stride + row];
        }
    }

    private static bool FactorRows(Span<double> matrix, Span<Vector512<double>> rows, int first, int end, int stride)
    {
        int vectors = stride / Vector512<double>.Count, start = first / Vector512<double>.Count;
        for (int row = first; row < end; row++)
        {
            var own = rows.Slice(row * vectors, vectors);
            for (int above = first; above < row; above++)
            {
                var factor = Vector512.Create(-matrix[above * stride + row]);
                var other = rows.Slice(above * vectors, vectors);
                for (int i = start; i < own.Length; i++) own[i] = Vector512.MultiplyAddEstimate(factor, other[i], own[i]);
            }
            double pivot = matrix[row * stride + row];
            if (!(pivot > 0)) return false;
            var scale = Vector512.Create(1 / Math.Sqrt(pivot));
            for (int i = start; i < own.Length; i++) own[i] *= scale;
        }
        return true;
    }

    /// <summary>row -= sum_k R[k, row] R[k] over a whole block of rows of R, from the row's pivot on.</summary>
    private static void SubtractRows(ReadOnlySpan<double> matrix, ReadOnlySpan<Vector512<double>> block, Span<Vector512<double>> own, int first, int row, int stride)
    {
        int vectors = own.Length, start = row / Vector512<double>.Count;
        Vector512<double> Factor(ReadOnlySpan<double> all, int offset) => Vector512.Create(-all[(first + offset) * stride + row]);
        Vector512<double> f0 = Factor(matrix, 0), f1 = Factor(matrix, 1), f2 = Factor(matrix, 2), f3 = Factor(matrix, 3);
        Vector512<double> f4 = Factor(matrix, 4), f5 = Factor(matrix, 5), f6 = Factor(matrix, 6), f7 = Factor(matrix, 7);
        ReadOnlySpan<Vector512<double>> r0 = block[..vectors], r1 = block.Slice(vectors, vectors), r2 = block.Slice(2 * vectors, vectors), r3 = block.Slice(3 * vectors, vectors);
        ReadOnlySpan<Vector512<double>> r4 = block.Slice(4 * vectors, vectors), r5 = block.Slice(5 * vectors, vectors), r6 = block.Slice(6 * vectors, vectors), r7 = block.Slice(7 * vectors, vectors);
        for (int i = start; i < own.Length; i++)
        {
            var even = Vector512.MultiplyAddEstimate(f0, r0[i], own[i]);
            var odd = f1 * r1[i];
            even = Vector512.MultiplyAddEstimate(f2, r2[i], even);
            odd = Vector512.MultiplyAddEstimate(f3, r3[i], odd);
            even = Vector512.MultiplyAddEstimate(f4, r4[i], even);
            odd = Vector512.MultiplyAddEstimate(f5, r5[i], odd);
            own[i] = Vector512.MultiplyAddEstimate(f6, r6[i], even) + Vector512.MultiplyAddEstimate(f7, r7[i], odd);
        }
    }
}
