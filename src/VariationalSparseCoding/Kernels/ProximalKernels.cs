using System.Numerics;
using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Kernels;

/// <summary>Inner loops of ISTA and FISTA for a batch of codes in float32, on the calling thread. The codes are sparse, and their zeros cost nothing.</summary>
internal static class ProximalKernels
{
    // So many vectors of a row stay in registers while the rows of the Gram matrix pass.
    private const int BlockVectors = 8;

    /// <summary>z+ = soft(y + step c_y, threshold) with y = z + momentum (z - z_last) and c_y = c + momentum (c - c_last), element by element.</summary>
    /// <param name="codes">z, [B, d].</param>
    /// <param name="correlations">c = A^T(x - A z), [B, d].</param>
    /// <param name="lastCodes">z one iteration ago, [B, d].</param>
    /// <param name="lastCorrelations">c one iteration ago, [B, d].</param>
    /// <param name="momentum">0 for ISTA.</param>
    /// <param name="step">1/L.</param>
    /// <param name="threshold">lambda/L, at least 0.</param>
    /// <param name="next">Receives z+, [B, d].</param>
    public static void Step(
        ReadOnlySpan<float> codes, ReadOnlySpan<float> correlations, ReadOnlySpan<float> lastCodes, ReadOnlySpan<float> lastCorrelations,
        float momentum, float step, float threshold, Span<float> next)
    {
        Vector512<float> m = Vector512.Create(momentum), s = Vector512.Create(step), bound = Vector512.Create(threshold), sign = Vector512.Create(-0f);
        for (int i = 0; i < next.Length; i += Lanes.Count)
        {
            Vector512<float> z = Lanes.Load(codes, i), c = Lanes.Load(correlations, i);
            var y = Vector512.FusedMultiplyAdd(m, z - Lanes.Load(lastCodes, i), z);
            var slope = Vector512.FusedMultiplyAdd(m, c - Lanes.Load(lastCorrelations, i), c);
            var moved = Vector512.FusedMultiplyAdd(s, slope, y);
            // A NaN must stay one, and does in the maximum.
            var size = Vector512.Max(Vector512.Abs(moved) - bound, Vector512<float>.Zero);
            Lanes.Store(size | (moved & sign & Vector512.GreaterThan(size, Vector512<float>.Zero)), next, i);
        }
    }

    /// <summary>c = p - z G for each code.</summary>
    /// <param name="projections">p = A^T x, [B, d].</param>
    /// <param name="gram">G = A^T A, [d, d].</param>
    /// <param name="codes">z, [B, d].</param>
    /// <param name="correlations">Receives c = A^T(x - A z), [B, d].</param>
    /// <param name="atoms">d.</param>
    public static void Correlate(ReadOnlySpan<float> projections, ReadOnlySpan<float> gram, ReadOnlySpan<float> codes, Span<float> correlations, int atoms)
    {
        Span<int> support = atoms <= 1024 ? stackalloc int[atoms] : new int[atoms];
        for (int start = 0; start < codes.Length; start += atoms)
        {
            var code = codes.Slice(start, atoms);
            int count = Support(code, support);
            SubtractRows(projections.Slice(start, atoms), gram, code, support[..count], correlations.Slice(start, atoms));
        }
    }

    /// <summary>||after - before||_F / ||before||_F.</summary>
    /// <param name="before">The earlier codes.</param>
    /// <param name="after">As many.</param>
    public static double RelativeChange(ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        Vector512<float> change = Vector512<float>.Zero, size = change;
        for (int i = 0; i < before.Length; i += Lanes.Count)
        {
            Vector512<float> old = Lanes.Load(before, i), moved = Lanes.Load(after, i) - old;
            change = Vector512.FusedMultiplyAdd(moved, moved, change);
            size = Vector512.FusedMultiplyAdd(old, old, size);
        }
        return Math.Sqrt((double)Vector512.Sum(change) / Vector512.Sum(size));
    }

    private static int Support(ReadOnlySpan<float> code, Span<int> support)
    {
        int count = 0;
        for (int i = 0; i < code.Length; i += Lanes.Count)
        {
            // What is missing of the last vector reads as 0.
            ulong mask = ~Vector512.Equals(Lanes.Load(code, i), Vector512<float>.Zero).ExtractMostSignificantBits() & 0xFFFF;
            for (; mask != 0; mask &= mask - 1) support[count++] = i + BitOperations.TrailingZeroCount(mask);
        }
        return count;
    }

    /// <summary>result = start - sum over some rows of a matrix of weight times row.</summary>
    /// <param name="start">[n].</param>
    /// <param name="matrix">Rows of n numbers.</param>
    /// <param name="weights">One for each row of the matrix.</param>
    /// <param name="rows">The rows that count, ascending.</param>
    /// <param name="result">[n]; may not be <paramref name="start"/>.</param>
    public static void SubtractRows(ReadOnlySpan<float> start, ReadOnlySpan<float> matrix, ReadOnlySpan<float> weights, ReadOnlySpan<int> rows, Span<float> result)
    {
        int columns = result.Length, i = 0;
        for (; i <= columns - BlockVectors * Lanes.Count; i += BlockVectors * Lanes.Count)
            SubtractBlock(start[i..], matrix[i..], columns, weights, rows, result[i..]);
        for (; i < columns; i += Lanes.Count)
        {
            var sum = Lanes.Load(start, i);
            foreach (int row in rows) sum = Vector512.FusedMultiplyAdd(Vector512.Create(-weights[row]), Lanes.Load(matrix.Slice(row * columns, columns), i), sum);
            Lanes.Store(sum, result, i);
        }
    }

    /// <summary>A block of whole vectors. Nothing here may call a method: no vector register outlives a call, and the sums would move to memory and back for each row.</summary>
    private static unsafe void SubtractBlock(
        ReadOnlySpan<float> start, ReadOnlySpan<float> matrix, int stride, ReadOnlySpan<float> weights, ReadOnlySpan<int> rows, Span<float> result)
    {
        fixed (float* from = start, all = matrix, factors = weights, to = result)
        fixed (int* first = rows)
        {
            Vector512<float> s0 = Vector512.Load(from), s1 = Vector512.Load(from + 16), s2 = Vector512.Load(from + 32), s3 = Vector512.Load(from + 48);
            Vector512<float> s4 = Vector512.Load(from + 64), s5 = Vector512.Load(from + 80), s6 = Vector512.Load(from + 96), s7 = Vector512.Load(from + 112);
            for (int* row = first, end = first + rows.Length; row != end; row++)
            {
                var weight = Vector512.Create(-factors[*row]);
                float* own = all + (nint)(*row) * stride;
                s0 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(own), s0);
                s1 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(own + 16), s1);
                s2 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(own + 32), s2);
                s3 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(own + 48), s3);
                s4 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(own + 64), s4);
                s5 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(own + 80), s5);
                s6 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(own + 96), s6);
                s7 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(own + 112), s7);
            }
            s0.Store(to);
            s1.Store(to + 16);
            s2.Store(to + 32);
            s3.Store(to + 48);
            s4.Store(to + 64);
            s5.Store(to + 80);
            s6.Store(to + 96);
            s7.Store(to + 112);
        }
    }
}
