using VariationalSparseCoding.Data;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Exchange;

/// <summary>
/// A matrix of atoms in a NumPy file. Unless a person says which, the longer side counts the atoms, as a dictionary usually has more of them than a sample has values; of a square
/// matrix rows are atoms.
/// </summary>
/// <param name="atomsAreColumns">Whether columns are atoms, if a person says so.</param>
internal sealed class MatrixFormat(bool? atomsAreColumns = null) : CoderFormat
{
    private const string Rows = "matrix-rows", Columns = "matrix-columns";

    /// <inheritdoc/>
    public override string Name => atomsAreColumns switch { null => "matrix", false => Rows, true => Columns };

    /// <inheritdoc/>
    public override string Title => "a matrix of atoms";

    /// <inheritdoc/>
    public override string FileEnding => ".npy";

    /// <inheritdoc/>
    public override SharedCoder Read(string weights)
    {
        using var matrix = NpyMatrix.Open(weights);
        if (matrix.Rows * matrix.Columns > Array.MaxLength / sizeof(float)) throw InputFile.Malformed(weights, $"a matrix of {matrix.Rows} x {matrix.Columns} takes 2 GB or more", "name a smaller dictionary");
        int rows = (int)matrix.Rows, columns = matrix.Columns;
        float[] values = new float[rows * columns];
        matrix.CopyRows(0, rows, values);
        for (int row = 0; row < rows; row++) ColumnStatistics.RequireFinite<float>(values.AsSpan(row * columns, columns), row, weights);
        bool byColumns = atomsAreColumns ?? columns > rows;
        var coder = byColumns ? new SharedCoder(null, rows, columns, SharedTensors.Transpose(values, rows, columns), new float[rows]) : new SharedCoder(null, columns, rows, values, new float[columns]);
        return atomsAreColumns is not null ? coder
            : coder with { Notes = [$"{weights}: its {coder.Features} {(byColumns ? "columns" : "rows")} are taken for the atoms; if it is the other way round, say that the format is '{(byColumns ? Rows : Columns)}'"] };
    }
}
