using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Kernels;

/// <summary>
/// Inner loops of the solvers that work sample by sample, in float64. Vectors are padded with zeros to
/// <see cref="PaddedLength"/>, so that no loop has a remainder, and start at a cache line.
/// </summary>
internal static class LassoKernels
{
    private const int Lane = 8, CacheLine = 64;

    /// <summary>The padded length of a vector of <paramref name="length"/> values: whole SIMD vectors.</summary>
    public static int PaddedLength(int length) => (length + Lane - 1) / Lane * Lane;

    /// <summary>A vector of zeros that starts at a cache line and stays there.</summary>
    public static unsafe Memory<double> Allocate(int length)
    {
        double[] array = GC.AllocateArray<double>(length + Lane, pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        return array.AsMemory((int)((CacheLine - address % CacheLine) % CacheLine / sizeof(double)), length);
    }

    /// <summary>destination = start - sum_k weights[k] matrix[rows[k]], of padded length n.</summary>
    /// <param name="destination">The result, [n].</param>
    /// <param name="start">The vector subtracted from, [n].</param>
    /// <param name="matrix">Rows of n values each.</param>
    /// <param name="rows">Indices of rows.</param>
    /// <param name="weights">A weight for each.</param>
    public static void SubtractRows(
        Span<double> destination, ReadOnlySpan<double> start, ReadOnlySpan<double> matrix, ReadOnlySpan<int> rows, ReadOnlySpan<double> weights)
    {
        int stride = destination.Length, width = stride / Lane;
        var target = Vectors(destination);
        var source = Vectors(start)[..width];
        var all = Vectors(matrix);
        int i = 0;
        // Four vectors stay in registers while all rows pass.
        for (; i + 4 <= width; i += 4)
        {
            Vector512<double> s0 = source[i], s1 = source[i + 1], s2 = source[i + 2], s3 = source[i + 3];
            for (int k = 0; k < rows.Length; k++)
            {
                var weight = Vector512.Create(-weights[k]);
                var row = all.Slice(rows[k] * width + i, 4);
                s0 = Vector512.FusedMultiplyAdd(weight, row[0], s0);
                s1 = Vector512.FusedMultiplyAdd(weight, row[1], s1);
                s2 = Vector512.FusedMultiplyAdd(weight, row[2], s2);
                s3 = Vector512.FusedMultiplyAdd(weight, row[3], s3);
            }
            (target[i], target[i + 1], target[i + 2], target[i + 3]) = (s0, s1, s2, s3);
        }
        for (; i < width; i++)
        {
            var sum = source[i];
            for (int k = 0; k < rows.Length; k++) sum = Vector512.FusedMultiplyAdd(Vector512.Create(-weights[k]), all[rows[k] * width + i], sum);
            target[i] = sum;
        }
    }

    /// <summary>destination += weight * values, of one padded length.</summary>
    public static void AddScaled(Span<double> destination, ReadOnlySpan<double> values, double weight)
    {
        var target = Vectors(destination);
        var source = Vectors(values)[..target.Length];
        var factor = Vector512.Create(weight);
        for (int i = 0; i < target.Length; i++) target[i] = Vector512.FusedMultiplyAdd(factor, source[i], target[i]);
    }

    /// <summary>The inner product of two vectors of one padded length.</summary>
    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var a = Vectors(left);
        var b = Vectors(right)[..a.Length];
        var sum = Vector512<double>.Zero;
        for (int i = 0; i < a.Length; i++) sum = Vector512.FusedMultiplyAdd(a[i], b[i], sum);
        return Vector512.Sum(sum);
    }

    /// <summary>The largest absolute value of a vector of padded length; 0 for an empty one.</summary>
    public static double MaximumAbsolute(ReadOnlySpan<double> values)
    {
        var largest = Vector512<double>.Zero;
        foreach (var vector in Vectors(values)) largest = Vector512.Max(largest, Vector512.Abs(vector));
        double maximum = 0;
        for (int i = 0; i < Lane; i++) maximum = Math.Max(maximum, largest[i]);
        return maximum;
    }

    /// <summary>Finds the entries whose absolute value exceeds a threshold of at least 0.</summary>
    /// <param name="values">A vector of padded length.</param>
    /// <param name="threshold">The threshold.</param>
    /// <param name="indices">Receives their indices, ascending; as long as the vector.</param>
    /// <returns>How many there are.</returns>
    public static int IndicesAbove(ReadOnlySpan<double> values, double threshold, Span<int> indices)
    {
        var vectors = Vectors(values);
        var bound = Vector512.Create(threshold);
        int count = 0;
        for (int i = 0; i < vectors.Length; i++)
        {
            for (ulong mask = Vector512.GreaterThan(Vector512.Abs(vectors[i]), bound).ExtractMostSignificantBits(); mask != 0; mask &= mask - 1)
                indices[count++] = i * Lane + BitOperations.TrailingZeroCount(mask);
        }
        return count;
    }

    private static Span<Vector512<double>> Vectors(Span<double> values) => MemoryMarshal.Cast<double, Vector512<double>>(values);

    private static ReadOnlySpan<Vector512<double>> Vectors(ReadOnlySpan<double> values) => MemoryMarshal.Cast<double, Vector512<double>>(values);
}
