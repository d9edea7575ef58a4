using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VariationalSparseCoding.Kernels;

/// <summary>Copies a matrix into panels of <see cref="MatrixProduct.PanelWidth"/> columns, each of which stands row after row: what a product reads together stands together.</summary>
internal static unsafe class PanelCopy
{
    private const int Width = MatrixProduct.PanelWidth, Block = 8;

    /// <summary>Fills the panels.</summary>
    /// <param name="panels">Receives [ceil(n/32), k, 32]; what lies past the n columns is left alone.</param>
    /// <param name="matrix">The matrix, [k, n]; its rows or its columns are contiguous.</param>
    /// <param name="rows">k.</param>
    /// <param name="columns">n.</param>
    /// <param name="factor">What the copies are multiplied by.</param>
    public static void Fill(float* panels, MatrixOperand matrix, int rows, int columns, float factor)
    {
        if (matrix.ColumnStride == 1) FillByRows(panels, matrix, rows, columns, factor);
        else FillByColumns(panels, matrix.Transposed, rows, columns, factor);
    }

    private static void FillByRows(float* panels, MatrixOperand matrix, int rows, int columns, float factor)
    {
        var factors = Vector512.Create(factor);
        for (int row = 0; row < rows; row++)
        {
            float* from = matrix.From(row).Start, to = panels + row * Width;
            int column = 0;
            for (; column <= columns - Width; column += Width, to += rows * Width)
            {
                (Vector512.Load(from + column) * factors).Store(to);
                (Vector512.Load(from + column + Width / 2) * factors).Store(to + Width / 2);
            }
            for (int i = column; i < columns; i++) to[i - column] = from[i] * factor;
        }
    }

    private static void FillByColumns(float* panels, MatrixOperand transposed, int rows, int columns, float factor)
    {
        var factors = Vector256.Create(factor);
        for (int column = 0; column < columns; column += Block)
        {
            float* from = transposed.From(column).Start, to = panels + column / Width * Width * rows + column % Width;
            nint stride = transposed.RowStride;
            int width = Math.Min(Block, columns - column), whole = Avx.IsSupported && width == Block ? rows / Block * Block : 0;
            for (int row = 0; row < whole; row += Block) TransposeBlock(from + row, stride, to + row * Width, factors);
            for (int row = whole; row < rows; row++)
                for (int i = 0; i < width; i++) to[row * Width + i] = from[i * stride + row] * factor;
        }
    }

    /// <summary>Transposes 8 rows of 8 numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeBlock(float* source, nint stride, float* destination, Vector256<float> factors)
    {
        TransposeHalf(source, stride, destination, factors);
        TransposeHalf(source + 4, stride, destination + 4 * Width, factors);
    }

    /// <summary>Transposes 8 rows of 4 numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeHalf(float* source, nint stride, float* destination, Vector256<float> factors)
    {
        Vector256<float> r0 = TwoRows(source, stride) * factors, r1 = TwoRows(source + stride, stride) * factors;
        Vector256<float> r2 = TwoRows(source + 2 * stride, stride) * factors, r3 = TwoRows(source + 3 * stride, stride) * factors;
        Vector256<double> low01 = Avx.UnpackLow(r0, r1).AsDouble(), high01 = Avx.UnpackHigh(r0, r1).AsDouble();
        Vector256<double> low23 = Avx.UnpackLow(r2, r3).AsDouble(), high23 = Avx.UnpackHigh(r2, r3).AsDouble();
        Avx.UnpackLow(low01, low23).AsSingle().Store(destination);
        Avx.UnpackHigh(low01, low23).AsSingle().Store(destination + Width);
        Avx.UnpackLow(high01, high23).AsSingle().Store(destination + 2 * Width);
        Avx.UnpackHigh(high01, high23).AsSingle().Store(destination + 3 * Width);
    }

    /// <summary>Four numbers of a row, and of the row four below: what follows works within halves of a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> TwoRows(float* source, nint stride) => Vector256.Create(Vector128.Load(source), Vector128.Load(source + 4 * stride));
}
