using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Kernels;

/// <summary>Sums and products of a few chosen rows of a matrix: what sparse codes make of a dictionary whose atoms are rows.</summary>
internal static class SparseRows
{
    /// <summary>destination = start + factor sum_k weights[k] matrix[rows[k]]; each number is one chain in the order of the rows.</summary>
    /// <param name="start">What is added to, [n]; may be the destination.</param>
    /// <param name="rows">Numbers of rows.</param>
    /// <param name="weights">A weight for each.</param>
    /// <param name="factor">What the weights are multiplied by first.</param>
    /// <param name="matrix">The matrix, rows of n numbers without gaps.</param>
    /// <param name="destination">Receives the sum, [n].</param>
    public static void Add(ReadOnlySpan<float> start, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights, float factor, ReadOnlySpan<float> matrix, Span<float> destination)
    {
        // The sums of 128 numbers at a time stay in registers.
        const int Block = 8 * Lanes.Count;
        int columns = destination.Length, i = 0;
        if (start.Length != columns || weights.Length < rows.Length) throw new ArgumentException("The rows, their weights and the sum do not fit together.", nameof(start));
        Check(rows, matrix.Length, columns);
        ref float begin = ref MemoryMarshal.GetReference(start), target = ref MemoryMarshal.GetReference(destination), all = ref MemoryMarshal.GetReference(matrix);
        for (; i + Block <= columns; i += Block)
        {
            Vector512<float> s0 = Load(ref begin, i), s1 = Load(ref begin, i + 16), s2 = Load(ref begin, i + 32), s3 = Load(ref begin, i + 48);
            Vector512<float> s4 = Load(ref begin, i + 64), s5 = Load(ref begin, i + 80), s6 = Load(ref begin, i + 96), s7 = Load(ref begin, i + 112);
            for (int k = 0; k < rows.Length; k++)
            {
                Vector512<float> weight = Vector512.Create(factor * weights[k]);
                ref float row = ref Unsafe.Add(ref all, (nint)rows[k] * columns + i);
                s0 = Vector512.MultiplyAddEstimate(weight, Load(ref row, 0), s0);
                s1 = Vector512.MultiplyAddEstimate(weight, Load(ref row, 16), s1);
                s2 = Vector512.MultiplyAddEstimate(weight, Load(ref row, 32), s2);
                s3 = Vector512.MultiplyAddEstimate(weight, Load(ref row, 48), s3);
                s4 = Vector512.MultiplyAddEstimate(weight, Load(ref row, 64), s4);
                s5 = Vector512.MultiplyAddEstimate(weight, Load(ref row, 80), s5);
                s6 = Vector512.MultiplyAddEstimate(weight, Load(ref row, 96), s6);
                s7 = Vector512.MultiplyAddEstimate(weight, Load(ref row, 112), s7);
            }
            s0.StoreUnsafe(ref target, (nuint)i);
            s1.StoreUnsafe(ref target, (nuint)i + 16);
            s2.StoreUnsafe(ref target, (nuint)i + 32);
            s3.StoreUnsafe(ref target, (nuint)i + 48);
            s4.StoreUnsafe(ref target, (nuint)i + 64);
            s5.StoreUnsafe(ref target, (nuint)i + 80);
            s6.StoreUnsafe(ref target, (nuint)i + 96);
            s7.StoreUnsafe(ref target, (nuint)i + 112);
        }
        for (; i < columns; i += Lanes.Count)
        {
            Vector512<float> sum = Lanes.Load(start, i);
            for (int k = 0; k < rows.Length; k++)
                sum = Vector512.MultiplyAddEstimate(Vector512.Create(factor * weights[k]), Lanes.Load(matrix.Slice(rows[k] * columns, columns), i), sum);
            Lanes.Store(sum, destination, i);
        }
    }

    /// <summary>products[k] = factor vector . matrix[rows[k]].</summary>
    /// <param name="vector">[n].</param>
    /// <param name="rows">Numbers of rows.</param>
    /// <param name="factor">What every product is multiplied by.</param>
    /// <param name="matrix">The matrix, rows of n numbers without gaps.</param>
    /// <param name="products">Receives a product for each row.</param>
    public static void Dot(ReadOnlySpan<float> vector, ReadOnlySpan<int> rows, float factor, ReadOnlySpan<float> matrix, Span<float> products)
    {
        int columns = vector.Length, whole = columns / Lanes.Count * Lanes.Count, k = 0;
        Check(rows, matrix.Length, columns);
        ref float left = ref MemoryMarshal.GetReference(vector), all = ref MemoryMarshal.GetReference(matrix);
        // Four chains of additions hide each other's latency; each row is summed as it is alone.
        for (; k + 4 <= rows.Length; k += 4)
        {
            ref float r0 = ref Unsafe.Add(ref all, (nint)rows[k] * columns), r1 = ref Unsafe.Add(ref all, (nint)rows[k + 1] * columns);
            ref float r2 = ref Unsafe.Add(ref all, (nint)rows[k + 2] * columns), r3 = ref Unsafe.Add(ref all, (nint)rows[k + 3] * columns);
            Vector512<float> s0 = Vector512<float>.Zero, s1 = s0, s2 = s0, s3 = s0;
            for (int i = 0; i < whole; i += Lanes.Count)
            {
                Vector512<float> part = Load(ref left, i);
                s0 = Vector512.MultiplyAddEstimate(part, Load(ref r0, i), s0);
                s1 = Vector512.MultiplyAddEstimate(part, Load(ref r1, i), s1);
                s2 = Vector512.MultiplyAddEstimate(part, Load(ref r2, i), s2);
                s3 = Vector512.MultiplyAddEstimate(part, Load(ref r3, i), s3);
            }
            products[k] = factor * Sum(s0, vector, matrix.Slice(rows[k] * columns, columns), whole);
            products[k + 1] = factor * Sum(s1, vector, matrix.Slice(rows[k + 1] * columns, columns), whole);
            products[k + 2] = factor * Sum(s2, vector, matrix.Slice(rows[k + 2] * columns, columns), whole);
            products[k + 3] = factor * Sum(s3, vector, matrix.Slice(rows[k + 3] * columns, columns), whole);
        }
        for (; k < rows.Length; k++) products[k] = factor * RowKernels.Dot(vector, matrix.Slice(rows[k] * columns, columns));
    }

    private static float Sum(Vector512<float> sums, ReadOnlySpan<float> vector, ReadOnlySpan<float> row, int whole)
    {
        if (whole < vector.Length) sums = Vector512.MultiplyAddEstimate(Lanes.Load(vector, whole), Lanes.Load(row, whole), sums);
        return Vector512.Sum(sums);
    }

    private static void Check(ReadOnlySpan<int> rows, int length, int columns)
    {
        int count = columns == 0 ? 0 : length / columns;
        foreach (int row in rows) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)count, nameof(rows));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(ref float start, int offset) => Vector512.LoadUnsafe(ref start, (nuint)offset);
}
