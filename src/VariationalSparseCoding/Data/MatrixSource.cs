using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Data;

/// <summary>The rows of a matrix in a NumPy file.</summary>
internal sealed class MatrixSource : DataSource
{
    private readonly StoreSource store = new();

    /// <inheritdoc/>
    public override string Name => "MATRIX.npy";

    /// <inheritdoc/>
    public override string Summary => "a NumPy file of float16, float32 or float64; its rows are samples";

    /// <inheritdoc/>
    public override string FileEnding => ".npy";

    /// <inheritdoc/>
    public override bool Claims(string source) => base.Claims(source) && !StoreFiles.IsPattern(source);

    /// <inheritdoc/>
    public override bool CanNormalise(Normalisation normalisation) => true;

    /// <inheritdoc/>
    public override SampleCount Count(DataOptions options)
    {
        if (IsOfHalves(options.Source)) return store.Count(options);
        using var matrix = NpyMatrix.Open(options.Source);
        return new(matrix.Rows);
    }

    /// <inheritdoc/>
    public override int Dimension(DataOptions options)
    {
        if (IsOfHalves(options.Source)) return store.Dimension(options);
        using var matrix = NpyMatrix.Open(options.Source);
        return matrix.Columns;
    }

    /// <inheritdoc/>
    public override DataSplit Open(DataOptions options, ulong seed) => IsOfHalves(options.Source) ? store.Open(options, seed) : MatrixSet.Draw(options, seed);

    /// <inheritdoc/>
    /// <remarks>
    /// Rows are taken before standardisation: for a model of image patches they are whitened patches, for a model of whole images values in [0, 1],
    /// channel after channel, row by row.
    /// </remarks>
    public override ISampleSet OpenForEncoding(string source, Preprocessing preprocessing, EncodingChoice choice)
    {
        if (IsOfHalves(source)) return store.OpenForEncoding(source, preprocessing, choice);
        var matrix = NpyMatrix.Open(source);
        string? fault = matrix.Columns != preprocessing.Dimension ? $"its rows have {matrix.Columns} values where the model takes {preprocessing.Dimension}; give data of that many columns"
            : matrix.Rows > Array.MaxLength ? $"it has {matrix.Rows} rows; split it into files of at most {Array.MaxLength} rows"
            : null;
        if (fault is null) return new MatrixSet(matrix, null, preprocessing);
        matrix.Dispose();
        throw new InvalidInputException($"{source}: {fault}");
    }

    private static bool IsOfHalves(string path) => InputFile.Read(path, stream => NpyHeader.Read(stream, path)).Type == NpyHeader.Float16;
}
