using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Kernels;

/// <summary>
/// Products of float32 matrices on the calling thread, without allocation. Each element is one chain of multiply-adds (fused where the processor has them) in the order of the depth:
/// its bits depend neither on the width of vectors nor on which rows and columns are computed together.
/// </summary>
internal static unsafe class MatrixProduct
{
    /// <summary>Columns that are computed together: work is best divided at multiples of it.</summary>
    public const int PanelWidth = 32;

    /// <summary>A block of the right side is copied to where it is read: it stays in the processor's second cache.</summary>
    public const int BlockColumns = 256, BlockDepth = 256;
    private const int WideRows = 12, NarrowRows = 6;

    [ThreadStatic]
    private static float[]? scratch;

    /// <summary>C = start + factor A B, and the ReLU of it where there is one.</summary>
    /// <param name="a">A, [m, k].</param>
    /// <param name="b">B, [k, n].</param>
    /// <param name="c">Receives C, [m, n].</param>
    /// <param name="rows">m.</param>
    /// <param name="columns">n.</param>
    /// <param name="depth">k, at least 1.</param>
    /// <param name="start">What is added to, [m, n]: C itself, a bias with a row stride of 0, or default for 0.</param>
    /// <param name="factor">What B is multiplied by first.</param>
    /// <param name="rectified">Whether a ReLU follows.</param>
    public static void Multiply(
        MatrixOperand a, MatrixOperand b, MatrixOperand c, int rows, int columns, int depth, MatrixOperand start = default, float factor = 1, bool rectified = false)
    {
        const int AlignedTo = 64;
        scratch ??= GC.AllocateUninitializedArray<float>(BlockColumns * BlockDepth + AlignedTo / sizeof(float), pinned: true);
        fixed (float* address = scratch)
        {
            var panels = (float*)(((nuint)address + AlignedTo - 1) & ~(nuint)(AlignedTo - 1));
            for (int column = 0; column < columns; column += BlockColumns)
            {
                int width = Math.Min(BlockColumns, columns - column);
                for (int done = 0; done < depth; done += BlockDepth)
                {
                    int length = Math.Min(BlockDepth, depth - done);
                    PanelCopy.Fill(panels, b.From(done, column), length, width, factor);
                    var begin = done == 0 ? start : c;
                    MultiplyBlock(a.From(0, done), panels, c.From(0, column), rows, width, length, begin.IsNone ? begin : begin.From(0, column), rectified && done + length == depth);
                }
            }
        }
    }

    /// <summary>C = start + A B, with the bits of <see cref="Multiply(MatrixOperand, MatrixOperand, MatrixOperand, int, int, int, MatrixOperand, float, bool)"/>.</summary>
    /// <param name="a">A, [m, k].</param>
    /// <param name="b">B, [k, n].</param>
    /// <param name="c">Receives C, [m, n]; its columns are contiguous.</param>
    /// <param name="rows">m.</param>
    /// <param name="start">What is added to, [m, n]: C itself, a bias with a row stride of 0, or default for 0.</param>
    /// <param name="rectified">Whether a ReLU follows.</param>
    public static void Multiply(MatrixOperand a, PackedPanels b, MatrixOperand c, int rows, MatrixOperand start = default, bool rectified = false)
    {
        for (int column = 0; column < b.Columns; column += BlockColumns)
        {
            int width = Math.Min(BlockColumns, b.Columns - column);
            for (int done = 0; done < b.Depth; done += BlockDepth)
            {
                int length = Math.Min(BlockDepth, b.Depth - done);
                var begin = done == 0 ? start : c;
                MultiplyBlock(a.From(0, done), b.Block(column, done), c.From(0, column), rows, width, length, begin.IsNone ? begin : begin.From(0, column), rectified && done + length == b.Depth);
            }
        }
    }

    private static void MultiplyBlock(MatrixOperand a, float* panels, MatrixOperand c, int rows, int columns, int depth, MatrixOperand start, bool rectified)
    {
        float* part = stackalloc float[WideRows * PanelWidth];
        bool wide = Vector512.IsHardwareAccelerated;
        int width = wide ? PanelWidth : PanelWidth / 2, most = wide ? WideRows : NarrowRows, tiles = (rows + most - 1) / most;
        for (int column = 0; column < columns; column += width)
        {
            int present = Math.Min(width, columns - column);
            // Tiles of nearly the same height: a last one of few rows would be slow.
            for (int number = 0, row = 0; number < tiles; number++)
            {
                int next = (int)((long)rows * (number + 1) / tiles);
                var tile = new MatrixTile.Operands
                {
                    A = a.From(row),
                    B = new(panels + column / PanelWidth * PanelWidth * depth + column % PanelWidth, PanelWidth),
                    C = c.From(row, column),
                    Start = start.IsNone ? start : start.From(row, column),
                    Depth = depth,
                    Rectified = rectified,
                };
                if (present == width) Multiply(tile, next - row, wide);
                else MultiplyPart(tile, next - row, present, wide, part);
                row = next;
            }
        }
    }

    /// <summary>A tile at the right edge, which is not as wide as its vectors: by way of a whole one.</summary>
    private static void MultiplyPart(MatrixTile.Operands tile, int height, int present, bool wide, float* part)
    {
        var (whole, c) = (tile, tile.C);
        whole.C = new(part, PanelWidth);
        if (!tile.Start.IsNone)
        {
            whole.Start = whole.C;
            for (int row = 0; row < height; row++) tile.Start.Row(row, present).CopyTo(whole.C.Row(row, present));
        }
        Multiply(whole, height, wide);
        for (int row = 0; row < height; row++) whole.C.Row(row, present).CopyTo(c.Row(row, present));
    }

    private static void Multiply(in MatrixTile.Operands tile, int height, bool wide)
    {
        if (wide) Multiply<MatrixTile.Vector16>(tile, height);
        else Multiply<MatrixTile.Vector8>(tile, height);
    }

    private static void Multiply<TVector>(in MatrixTile.Operands tile, int height) where TVector : struct, MatrixTile.IVector<TVector>
    {
        switch (height)
        {
            case 1: MatrixTile.Multiply<TVector, MatrixTile.Rows1>(tile); break;
            case 2: MatrixTile.Multiply<TVector, MatrixTile.Rows2>(tile); break;
            case 3: MatrixTile.Multiply<TVector, MatrixTile.Rows3>(tile); break;
            case 4: MatrixTile.Multiply<TVector, MatrixTile.Rows4>(tile); break;
            case 5: MatrixTile.Multiply<TVector, MatrixTile.Rows5>(tile); break;
            case 6: MatrixTile.Multiply<TVector, MatrixTile.Rows6>(tile); break;
            case 7: MatrixTile.Multiply<TVector, MatrixTile.Rows7>(tile); break;
            case 8: MatrixTile.Multiply<TVector, MatrixTile.Rows8>(tile); break;
            case 9: MatrixTile.Multiply<TVector, MatrixTile.Rows9>(tile); break;
            case 10: MatrixTile.Multiply<TVector, MatrixTile.Rows10>(tile); break;
            case 11: MatrixTile.Multiply<TVector, MatrixTile.Rows11>(tile); break;
            case 12: MatrixTile.Multiply<TVector, MatrixTile.Rows12>(tile); break;
        }
    }
}
