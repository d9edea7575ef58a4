using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Metrics;

/// <summary>The one matrix convention of the metrics: a span of rows, each of a given number of columns.</summary>
internal static class RowMajor
{
    // 16 MB in double precision: large enough for products at full speed, small beside the matrices that are walked through.
    private const int BlockElements = 1 << 21;

    public delegate void RowAction<T>(int row, ReadOnlySpan<T> values);

    /// <summary>How many rows a matrix has.</summary>
    /// <param name="matrix">Row-major, [rows, columns].</param>
    /// <param name="columns">At least 1.</param>
    /// <param name="name">The argument's name, for the error.</param>
    /// <exception cref="ArgumentException">The length is no multiple of the columns, or zero.</exception>
    public static int Rows<T>(ReadOnlySpan<T> matrix, int columns, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        return matrix.Length > 0 && matrix.Length % columns == 0
            ? matrix.Length / columns
            : throw new ArgumentException($"{name} holds {matrix.Length} numbers, which is not a positive multiple of {columns}.", name);
    }

    /// <exception cref="ArgumentException">The length is not the expected one.</exception>
    public static void RequireLength<T>(ReadOnlySpan<T> values, long expected, string name)
    {
        if (values.Length != expected) throw new ArgumentException($"{name} holds {values.Length} numbers instead of {expected}.", name);
    }

    /// <summary>Visits the rows on all processors, in no order: the action must only write what belongs to its row.</summary>
    public static unsafe void ForEachRow<T>(ReadOnlySpan<T> matrix, int columns, RowAction<T> action) where T : unmanaged
    {
        int rows = matrix.Length / columns;
        fixed (T* pinned = matrix)
        {
            T* first = pinned;
            Parallel.For(0, rows, row => action(row, new ReadOnlySpan<T>(first + (long)row * columns, columns)));
        }
    }

    /// <summary>Consecutive rows of a matrix in pieces, so that a copy in double precision need not hold all of it.</summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="columns">Columns of the widest matrix that is walked through.</param>
    public static IEnumerable<RowBlock> Blocks(int rows, int columns)
    {
        int size = Math.Max(1, BlockElements / columns);
        for (int first = 0; first < rows; first += size) yield return new RowBlock(first, Math.Min(size, rows - first));
    }

    /// <summary>A matrix's columns as rows, in double precision.</summary>
    public static double[] Transposed<T>(ReadOnlySpan<T> matrix, int columns) where T : INumberBase<T>
    {
        int rows = matrix.Length / columns;
        double[] transposed = new double[matrix.Length];
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++) transposed[(long)column * rows + row] = double.CreateTruncating(matrix[row * columns + column]);
        return transposed;
    }

    /// <summary>A copy in double precision.</summary>
    public static double[] ToDouble<T>(ReadOnlySpan<T> values) where T : INumberBase<T>
    {
        double[] copy = new double[values.Length];
        for (int i = 0; i < copy.Length; i++) copy[i] = double.CreateTruncating(values[i]);
        return copy;
    }

    /// <summary>A float64 tensor [rows, columns] of a matrix.</summary>
    public static Tensor ToTensor<T>(ReadOnlySpan<T> matrix, int columns) where T : INumberBase<T>
    {
        int rows = matrix.Length / columns;
        Tensor copy = empty([rows, columns], ScalarType.Float64);
        foreach (var block in Blocks(rows, columns))
        {
            using var part = copy.narrow(0, block.First, block.Count);
            Span<double> destination = MemoryMarshal.Cast<byte, double>(part.bytes);
            var values = block.Of(matrix, columns);
            for (int i = 0; i < destination.Length; i++) destination[i] = double.CreateTruncating(values[i]);
        }
        return copy;
    }

    /// <summary>The numbers of a float64 tensor, row after row.</summary>
    public static double[] ToArray(Tensor values) => values.contiguous().data<double>().ToArray();
}

/// <summary>Consecutive rows of a matrix.</summary>
internal readonly record struct RowBlock(int First, int Count)
{
    public ReadOnlySpan<T> Of<T>(ReadOnlySpan<T> matrix, int columns) => matrix.Slice(First * columns, Count * columns);
}
