using System.Text.Json.Nodes;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>Rows of a NumPy matrix, each a sample in the shape that the model takes.</summary>
internal sealed class MatrixInput : DenseInput
{
    private readonly NpyMatrix matrix;

    /// <summary>Opens a matrix.</summary>
    /// <param name="path">The file.</param>
    /// <param name="batchSize">Rows that the model is given at once.</param>
    /// <exception cref="InvalidInputException">It is missing or no matrix, or has 2^31 rows or more.</exception>
    public MatrixInput(string path, int batchSize) : base(batchSize)
    {
        Description = new() { ["kind"] = "matrix", ["file"] = Path.GetFileName(path), ["sha256"] = FileHash.Of(path), ["batchSize"] = batchSize };
        matrix = NpyMatrix.Open(path);
        Count = matrix.Rows <= int.MaxValue ? (int)matrix.Rows : throw new InvalidInputException($"{path}: has {matrix.Rows} rows, more than 2^31; split it.");
    }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <inheritdoc/>
    public override string Noun => "rows";

    /// <inheritdoc/>
    public override JsonObject Description { get; }

    /// <inheritdoc/>
    public override RowColumns Columns => new("row_index");

    /// <inheritdoc/>
    public override IEnumerable<RowNote> Notes(Func<Positions?, Positions> rowsOf)
    {
        var rows = rowsOf(null);
        for (int sample = 0; sample < Count; sample++)
            for (int row = 0; row < rows.Count; row++) yield return new(sample, null, null, rows.First + row, null);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        matrix.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override long[] Shape(string model, ReadOnlySpan<int> wanted)
    {
        long size = 1;
        int free = 0;
        foreach (int dimension in wanted)
        {
            if (dimension > 0) size *= dimension;
            else free++;
        }
        // One free dimension follows from the others.
        if (free > 1 || matrix.Columns % size != 0 || free == 0 && matrix.Columns != size)
            throw new InvalidInputException($"{model}: the model takes samples of [{string.Join(", ", wanted.ToArray().Select(dimension => dimension > 0 ? $"{dimension}" : "any"))}], and a row has {matrix.Columns} values; give rows of that size.");
        return [.. wanted.ToArray().Select(dimension => dimension > 0 ? dimension : matrix.Columns / size)];
    }

    /// <inheritdoc/>
    protected override void Read(int first, Span<float> values) => matrix.CopyRows(first, values.Length / matrix.Columns, values);
}
