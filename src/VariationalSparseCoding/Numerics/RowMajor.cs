using System.Numerics;

namespace VariationalSparseCoding.Numerics;

/// <summary>The one matrix convention of the metrics: a span of rows, each of a given number of columns.</summary>
internal static class RowMajor
{
    // 16 MB in double precision: large enough for products at full speed, small beside the matrices that are walked through.
    private const int BlockElements = 1 << 21;
    private const int RowsAtATime = 4;

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

    /// <summary>Adds the inner product of every row of one matrix with every row of another, A B^T; the result does not depend on the number of processors.</summary>
    /// <param name="first">A, row-major, [m, columns].</param>
    /// <param name="second">B, row-major, [n, columns].</param>
    /// <param name="columns">Columns of both.</param>
    /// <param name="sums">Receives sums + A B^T, [m, n].</param>
    public static void AddRowProducts(double[] first, double[] second, int columns, double[] sums)
    {
        int rows = first.Length / columns, others = second.Length / columns;
        Parallel.For(0, (rows + RowsAtATime - 1) / RowsAtATime, group =>
        {
            int row = group * RowsAtATime, count = Math.Min(RowsAtATime, rows - row);
            Span<double> products = stackalloc double[RowsAtATime];
            for (int other = 0; other < others; other++)
            {
                Products(first.AsSpan(row * columns, count * columns), second.AsSpan(other * columns, columns), products);
                for (int i = 0; i < count; i++) sums[(long)(row + i) * others + other] += products[i];
            }
        });
    }

    /// <summary>Returns the inner product of every row of one matrix with every row of another, A B^T.</summary>
    /// <param name="first">A, row-major, [m, columns].</param>
    /// <param name="second">B, row-major, [n, columns].</param>
    /// <param name="columns">Columns of both.</param>
    /// <returns>[m, n].</returns>
    public static double[] RowProducts(double[] first, double[] second, int columns)
    {
        double[] products = new double[(long)(first.Length / columns) * (second.Length / columns)];
        AddRowProducts(first, second, columns, products);
        return products;
    }

    /// <summary>The inner products of one to four rows with a vector. Four are taken at a time, because reading the rows costs more than multiplying them.</summary>
    private static void Products(ReadOnlySpan<double> rows, ReadOnlySpan<double> vector, Span<double> products)
    {
        int columns = vector.Length, count = rows.Length / columns;
        if (count < RowsAtATime)
        {
            for (int i = 0; i < count; i++) products[i] = Product(rows.Slice(i * columns, columns), vector);
            return;
        }
        ReadOnlySpan<double> row0 = rows[..columns], row1 = rows.Slice(columns, columns), row2 = rows.Slice(2 * columns, columns), row3 = rows.Slice(3 * columns, columns);
        Vector<double> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        int column = 0;
        for (; column + Vector<double>.Count <= columns; column += Vector<double>.Count)
        {
            var values = new Vector<double>(vector[column..]);
            sum0 += new Vector<double>(row0[column..]) * values;
            sum1 += new Vector<double>(row1[column..]) * values;
            sum2 += new Vector<double>(row2[column..]) * values;
            sum3 += new Vector<double>(row3[column..]) * values;
        }
        (products[0], products[1], products[2], products[3]) = (Vector.Sum(sum0), Vector.Sum(sum1), Vector.Sum(sum2), Vector.Sum(sum3));
        for (; column < columns; column++)
        {
            products[0] += row0[column] * vector[column];
            products[1] += row1[column] * vector[column];
            products[2] += row2[column] * vector[column];
            products[3] += row3[column] * vector[column];
        }
    }

    private static double Product(ReadOnlySpan<double> row, ReadOnlySpan<double> vector)
    {
        Vector<double> sums = default;
        int column = 0;
        for (; column + Vector<double>.Count <= row.Length; column += Vector<double>.Count)
            sums += new Vector<double>(row[column..]) * new Vector<double>(vector[column..]);
        double sum = Vector.Sum(sums);
        for (; column < row.Length; column++) sum += row[column] * vector[column];
        return sum;
    }
}

/// <summary>Consecutive rows of a matrix.</summary>
internal readonly record struct RowBlock(int First, int Count)
{
    public ReadOnlySpan<T> Of<T>(ReadOnlySpan<T> matrix, int columns) => matrix.Slice(First * columns, Count * columns);
}
