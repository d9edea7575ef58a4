using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Kernels;

/// <summary>
/// A matrix M, [m, n], in float64 that rows are multiplied by from the left, without a library's threads: each caller multiplies the rows
/// it works on. Panels of four SIMD vectors of columns lie one after the other, so that a product reads memory in order. Safe for
/// reading from several threads.
/// </summary>
internal sealed class PackedMatrix
{
    /// <summary>Rows of the left matrix that a pass over a panel serves; their number is a multiple of it.</summary>
    public const int RowBlock = 6;
    private const int Lane = 8, PanelVectors = 4, PanelWidth = Lane * PanelVectors;
    private readonly AlignedVector panels;

    /// <summary>Packs a copy.</summary>
    /// <param name="values">M, row after row, [m, n].</param>
    /// <param name="rows">m.</param>
    /// <param name="columns">n.</param>
    public PackedMatrix(ReadOnlySpan<double> values, int rows, int columns)
    {
        (Rows, Columns) = (rows, columns);
        panels = new(checked(rows * ProductStride));
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column += PanelWidth)
            {
                var part = values.Slice(row * columns + column, Math.Min(PanelWidth, columns - column));
                part.CopyTo(panels.Span[(column * rows + row * PanelWidth)..]);
            }
        }
    }

    /// <summary>m.</summary>
    public int Rows { get; }

    /// <summary>n.</summary>
    public int Columns { get; }

    /// <summary>The length of a row of a product: n and zeros up to a whole panel.</summary>
    public int ProductStride => (Columns + PanelWidth - 1) / PanelWidth * PanelWidth;

    /// <summary>Copies columns of M as rows: a part of M^T.</summary>
    /// <param name="first">The first column.</param>
    /// <param name="count">How many.</param>
    /// <param name="destination">Receives them, [count, m].</param>
    public void CopyColumns(int first, int count, Span<double> destination)
    {
        for (int column = first; column < first + count; column++)
        {
            var panel = panels.Span.Slice(column / PanelWidth * PanelWidth * Rows, PanelWidth * Rows);
            var target = destination.Slice((column - first) * Rows, Rows);
            for (int row = 0; row < Rows; row++) target[row] = panel[row * PanelWidth + column % PanelWidth];
        }
    }

    /// <summary>product = left M. A row of the product depends on its row on the left alone, to the last bit.</summary>
    /// <param name="left">[r, m], r a multiple of <see cref="RowBlock"/>.</param>
    /// <param name="product">[r, <see cref="ProductStride"/>], aligned to a cache line.</param>
    public void MultiplyFromLeft(ReadOnlySpan<double> left, Span<double> product)
    {
        int block = RowBlock * Rows, stride = ProductStride;
        if (left.Length % block != 0) throw new ArgumentException($"{left.Length} numbers are not a multiple of {RowBlock} rows of {Rows}.", nameof(left));
        ArgumentOutOfRangeException.ThrowIfLessThan(product.Length, left.Length / Rows * stride, nameof(product));
        var vectors = MemoryMarshal.Cast<double, Vector512<double>>(product);
        for (int column = 0; column < stride; column += PanelWidth)
        {
            var panel = MemoryMarshal.Cast<double, Vector512<double>>(panels.Span.Slice(column * Rows, PanelWidth * Rows));
            for (int row = 0; row * Rows < left.Length; row += RowBlock)
                MultiplyBlock(left.Slice(row * Rows, block), panel, vectors[((row * stride + column) / Lane)..], stride / Lane);
        }
    }

    // The 24 sums of 6 rows and 4 vectors stay in registers: enough to hide the latency of their additions, with 10 loads for 24 of them.
    private static unsafe void MultiplyBlock(ReadOnlySpan<double> left, ReadOnlySpan<Vector512<double>> panel, Span<Vector512<double>> product, int stride)
    {
        int rows = panel.Length / PanelVectors;
        fixed (double* leftStart = left)
        fixed (Vector512<double>* panelStart = panel)
        {
            double* x0 = leftStart, x1 = x0 + rows, x2 = x1 + rows, x3 = x2 + rows, x4 = x3 + rows, x5 = x4 + rows;
            Vector512<double>* m = panelStart;
            Vector512<double> s00 = default, s01 = default, s02 = default, s03 = default, s10 = default, s11 = default, s12 = default, s13 = default;
            Vector512<double> s20 = default, s21 = default, s22 = default, s23 = default, s30 = default, s31 = default, s32 = default, s33 = default;
            Vector512<double> s40 = default, s41 = default, s42 = default, s43 = default, s50 = default, s51 = default, s52 = default, s53 = default;
            for (int i = 0; i < rows; i++, m += PanelVectors)
            {
                Vector512<double> m0 = m[0], m1 = m[1], m2 = m[2], m3 = m[3];
                var x = Vector512.Create(x0[i]);
                (s00, s01, s02, s03) = (Add(x, m0, s00), Add(x, m1, s01), Add(x, m2, s02), Add(x, m3, s03));
                x = Vector512.Create(x1[i]);
                (s10, s11, s12, s13) = (Add(x, m0, s10), Add(x, m1, s11), Add(x, m2, s12), Add(x, m3, s13));
                x = Vector512.Create(x2[i]);
                (s20, s21, s22, s23) = (Add(x, m0, s20), Add(x, m1, s21), Add(x, m2, s22), Add(x, m3, s23));
                x = Vector512.Create(x3[i]);
                (s30, s31, s32, s33) = (Add(x, m0, s30), Add(x, m1, s31), Add(x, m2, s32), Add(x, m3, s33));
                x = Vector512.Create(x4[i]);
                (s40, s41, s42, s43) = (Add(x, m0, s40), Add(x, m1, s41), Add(x, m2, s42), Add(x, m3, s43));
                x = Vector512.Create(x5[i]);
                (s50, s51, s52, s53) = (Add(x, m0, s50), Add(x, m1, s51), Add(x, m2, s52), Add(x, m3, s53));
            }
            Store(product, s00, s01, s02, s03);
            Store(product[stride..], s10, s11, s12, s13);
            Store(product[(2 * stride)..], s20, s21, s22, s23);
            Store(product[(3 * stride)..], s30, s31, s32, s33);
            Store(product[(4 * stride)..], s40, s41, s42, s43);
            Store(product[(5 * stride)..], s50, s51, s52, s53);
        }
    }

    private static Vector512<double> Add(Vector512<double> x, Vector512<double> m, Vector512<double> sum) => Vector512.MultiplyAddEstimate(x, m, sum);

    private static void Store(Span<Vector512<double>> row, Vector512<double> s0, Vector512<double> s1, Vector512<double> s2, Vector512<double> s3) =>
        (row[0], row[1], row[2], row[3]) = (s0, s1, s2, s3);
}
