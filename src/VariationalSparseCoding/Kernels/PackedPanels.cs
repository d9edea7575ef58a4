namespace VariationalSparseCoding.Kernels;

/// <summary>
/// The right side of a <see cref="MatrixProduct"/>, copied once into the order in which the product reads it: for weights that serve many products of few rows,
/// where copying them each time would cost more than the product.
/// </summary>
internal sealed unsafe class PackedPanels
{
    private readonly FloatMatrix memory;

    /// <summary>Copies a matrix.</summary>
    /// <param name="matrix">The matrix, [depth, columns].</param>
    /// <param name="depth">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    public PackedPanels(MatrixOperand matrix, int depth, int columns)
    {
        (Depth, Columns) = (depth, columns);
        int padded = (columns + MatrixProduct.PanelWidth - 1) / MatrixProduct.PanelWidth * MatrixProduct.PanelWidth;
        memory = new(1, checked(depth * padded));
        for (int column = 0; column < columns; column += MatrixProduct.BlockColumns)
            for (int done = 0; done < depth; done += MatrixProduct.BlockDepth)
                PanelCopy.Fill(Block(column, done), matrix.From(done, column), Math.Min(MatrixProduct.BlockDepth, depth - done), Math.Min(MatrixProduct.BlockColumns, columns - column), factor: 1);
    }

    /// <summary>Rows of the matrix.</summary>
    public int Depth { get; }

    /// <summary>Columns of the matrix.</summary>
    public int Columns { get; }

    /// <summary>Where the panels of a block start.</summary>
    /// <param name="column">The block's first column.</param>
    /// <param name="done">The block's first row.</param>
    public float* Block(int column, int done)
    {
        // Blocks of a column block follow each other in depth; all but the last block of columns are whole panels.
        int width = Math.Min(MatrixProduct.BlockColumns, Columns - column), panels = (width + MatrixProduct.PanelWidth - 1) / MatrixProduct.PanelWidth;
        return memory.Operand.Start + (nint)column * Depth + (nint)panels * MatrixProduct.PanelWidth * done;
    }
}
