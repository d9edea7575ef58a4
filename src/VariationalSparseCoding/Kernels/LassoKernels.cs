using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Kernels;

/// <summary>
/// Inner loops of the solvers that work sample by sample, in float64. Vectors are padded with zeros to
/// <see cref="PaddedLength"/>, so that no loop has a remainder. They are short: bounds are checked once for each.
/// </summary>
internal static class LassoKernels
{
    private const int Lane = 8;

    /// <summary>The padded length of a vector of <paramref name="length"/> values: whole SIMD vectors.</summary>
    public static int PaddedLength(int length) => (length + Lane - 1) / Lane * Lane;

    /// <summary>destination = start - sum_k weights[k] matrix[rows[k]], of padded length n.</summary>
    /// <param name="destination">The result, [n].</param>
    /// <param name="start">The vector subtracted from, [n].</param>
    /// <param name="matrix">Rows of n values each.</param>
    /// <param name="rows">Indices of rows.</param>
    /// <param name="weights">A weight for each.</param>
    /// <returns>The largest absolute value of the result.</returns>
    public static double SubtractRows(
        Span<double> destination, ReadOnlySpan<double> start, ReadOnlySpan<double> matrix, ReadOnlySpan<int> rows, ReadOnlySpan<double> weights)
    {
        int stride = destination.Length;
        Check(start.Length >= stride && weights.Length >= rows.Length);
        foreach (int row in rows) Check((uint)row < (uint)(matrix.Length / stride));
        ref double target = ref MemoryMarshal.GetReference(destination), source = ref MemoryMarshal.GetReference(start);
        ref double all = ref MemoryMarshal.GetReference(matrix), weight = ref MemoryMarshal.GetReference(weights);
        Vector512<double> largest = default, second = default;
        int i = 0;
        // Eight vectors stay in registers while all rows pass.
        for (; i + 8 * Lane <= stride; i += 8 * Lane)
        {
            Vector512<double> s0 = Load(ref source, i), s1 = Load(ref source, i + 8), s2 = Load(ref source, i + 16), s3 = Load(ref source, i + 24);
            Vector512<double> s4 = Load(ref source, i + 32), s5 = Load(ref source, i + 40), s6 = Load(ref source, i + 48), s7 = Load(ref source, i + 56);
            for (int k = 0; k < rows.Length; k++)
            {
                var w = Vector512.Create(-Unsafe.Add(ref weight, k));
                ref double row = ref Unsafe.Add(ref all, rows[k] * stride + i);
                s0 = Vector512.MultiplyAddEstimate(w, Load(ref row, 0), s0);
                s1 = Vector512.MultiplyAddEstimate(w, Load(ref row, 8), s1);
                s2 = Vector512.MultiplyAddEstimate(w, Load(ref row, 16), s2);
                s3 = Vector512.MultiplyAddEstimate(w, Load(ref row, 24), s3);
                s4 = Vector512.MultiplyAddEstimate(w, Load(ref row, 32), s4);
                s5 = Vector512.MultiplyAddEstimate(w, Load(ref row, 40), s5);
                s6 = Vector512.MultiplyAddEstimate(w, Load(ref row, 48), s6);
                s7 = Vector512.MultiplyAddEstimate(w, Load(ref row, 56), s7);
            }
            largest = Larger(Larger(largest, s0), Larger(s1, s2));
            second = Larger(Larger(second, s3), Larger(s4, Larger(s5, Larger(s6, s7))));
            Store(s0, ref target, i);
            Store(s1, ref target, i + 8);
            Store(s2, ref target, i + 16);
            Store(s3, ref target, i + 24);
            Store(s4, ref target, i + 32);
            Store(s5, ref target, i + 40);
            Store(s6, ref target, i + 48);
            Store(s7, ref target, i + 56);
        }
        for (; i < stride; i += Lane)
        {
            var sum = Load(ref source, i);
            for (int k = 0; k < rows.Length; k++) sum = Vector512.MultiplyAddEstimate(Vector512.Create(-weights[k]), Load(ref all, rows[k] * stride + i), sum);
            largest = Larger(largest, sum);
            Store(sum, ref target, i);
        }
        return Maximum(Larger(largest, second));
    }

    /// <summary>product = sum_k vector[k] matrix[k], of padded length n.</summary>
    /// <param name="product">The result, [n].</param>
    /// <param name="matrix">Rows, of which the first n values are taken.</param>
    /// <param name="stride">From row to row.</param>
    /// <param name="vector">A weight for each row that is taken, [m].</param>
    public static void MultiplyRows(Span<double> product, ReadOnlySpan<double> matrix, int stride, ReadOnlySpan<double> vector)
    {
        Check(vector.Length * stride <= matrix.Length && product.Length <= stride);
        ref double target = ref MemoryMarshal.GetReference(product), all = ref MemoryMarshal.GetReference(matrix);
        int i = 0;
        for (; i + 2 * Lane <= product.Length; i += 2 * Lane)
        {
            Vector512<double> s0 = default, s1 = default;
            for (int k = 0; k < vector.Length; k++)
            {
                var w = Vector512.Create(vector[k]);
                s0 = Vector512.MultiplyAddEstimate(w, Load(ref all, k * stride + i), s0);
                s1 = Vector512.MultiplyAddEstimate(w, Load(ref all, k * stride + i + Lane), s1);
            }
            Store(s0, ref target, i);
            Store(s1, ref target, i + Lane);
        }
        for (; i < product.Length; i += Lane)
        {
            Vector512<double> sum = default;
            for (int k = 0; k < vector.Length; k++) sum = Vector512.MultiplyAddEstimate(Vector512.Create(vector[k]), Load(ref all, k * stride + i), sum);
            Store(sum, ref target, i);
        }
    }

    /// <summary>matrix[k] += weight vector[k] vector for the first rows.</summary>
    /// <param name="matrix">Rows, of which the first n values change.</param>
    /// <param name="stride">From row to row.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="vector">Of padded length n, at least <paramref name="rows"/>.</param>
    /// <param name="weight">The weight.</param>
    public static void AddOuterProduct(Span<double> matrix, int stride, int rows, ReadOnlySpan<double> vector, double weight)
    {
        Check(rows * stride <= matrix.Length && vector.Length <= stride && rows <= vector.Length);
        ref double all = ref MemoryMarshal.GetReference(matrix), v = ref MemoryMarshal.GetReference(vector);
        for (int i = 0; i < vector.Length; i += Lane)
        {
            var part = Vector512.Create(weight) * Load(ref v, i);
            for (int k = 0; k < rows; k++)
                Store(Vector512.MultiplyAddEstimate(Vector512.Create(vector[k]), part, Load(ref all, k * stride + i)), ref all, k * stride + i);
        }
    }

    /// <summary>destination += weight * values, of one padded length.</summary>
    public static void AddScaled(Span<double> destination, ReadOnlySpan<double> values, double weight)
    {
        var target = MemoryMarshal.Cast<double, Vector512<double>>(destination);
        var source = Vectors(values)[..target.Length];
        var factor = Vector512.Create(weight);
        for (int i = 0; i < target.Length; i++) target[i] = Vector512.MultiplyAddEstimate(factor, source[i], target[i]);
    }

    /// <summary>The inner product of two vectors of one padded length.</summary>
    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var a = Vectors(left);
        var b = Vectors(right)[..a.Length];
        Vector512<double> even = default, odd = default;
        int i = 0;
        for (; i + 1 < a.Length; i += 2)
        {
            even = Vector512.MultiplyAddEstimate(a[i], b[i], even);
            odd = Vector512.MultiplyAddEstimate(a[i + 1], b[i + 1], odd);
        }
        if (i < a.Length) even = Vector512.MultiplyAddEstimate(a[i], b[i], even);
        return Vector512.Sum(even + odd);
    }

    /// <summary>||values||^2, of any length.</summary>
    public static double SquaredNorm(ReadOnlySpan<double> values)
    {
        int whole = values.Length / Lane * Lane;
        double sum = Dot(values[..whole], values[..whole]);
        foreach (double value in values[whole..]) sum += value * value;
        return sum;
    }

    /// <summary>The largest absolute value of a vector of padded length; 0 for an empty one.</summary>
    public static double MaximumAbsolute(ReadOnlySpan<double> values)
    {
        Vector512<double> largest = default;
        foreach (var vector in Vectors(values)) largest = Larger(largest, vector);
        return Maximum(largest);
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

    // Both are of numbers or NaN alike: the samples are finite.
    private static Vector512<double> Larger(Vector512<double> largest, Vector512<double> values) => Vector512.MaxNative(Vector512.Abs(largest), Vector512.Abs(values));

    private static double Maximum(Vector512<double> values)
    {
        var half = Vector256.MaxNative(values.GetLower(), values.GetUpper());
        var quarter = Vector128.MaxNative(half.GetLower(), half.GetUpper());
        return Math.Max(quarter[0], quarter[1]);
    }

    private static Vector512<double> Load(ref double start, int index) => Vector512.LoadUnsafe(ref start, (nuint)index);

    private static void Store(Vector512<double> values, ref double start, int index) => values.StoreUnsafe(ref start, (nuint)index);

    private static ReadOnlySpan<Vector512<double>> Vectors(ReadOnlySpan<double> values) => MemoryMarshal.Cast<double, Vector512<double>>(values);

    private static void Check(bool holds)
    {
        if (!holds) throw new ArgumentException("The vectors do not fit each other.");
    }
}
