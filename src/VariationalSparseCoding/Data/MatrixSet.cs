using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Data;

/// <summary>Rows of a matrix in a file, which may be larger than memory, standardised when they are asked for.</summary>
internal sealed class MatrixSet : ISampleSet
{
    private const int ValuesPerBlock = 1 << 20;

    private readonly NpyMatrix matrix;
    private readonly long[]? rows;
    private readonly Preprocessing preprocessing;

    // Null stands for all rows in their order.
    internal MatrixSet(NpyMatrix matrix, long[]? rows, Preprocessing preprocessing) =>
        (this.matrix, this.rows, this.preprocessing) = (matrix, rows, preprocessing);

    /// <inheritdoc/>
    public int Count => rows?.Length ?? (int)matrix.Rows;

    /// <inheritdoc/>
    public int Dimension => preprocessing.Dimension;

    /// <summary>Draws distinct rows, uniformly, for training and validation. The statistics of each column are those of all rows, drawn or not.</summary>
    /// <param name="options">The .npy file, numbers of samples, and whether they are standardised.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InvalidInputException">The file cannot be used, has fewer rows than wanted, holds a value that is not finite, or a column is constant and to be standardised.</exception>
    public static DataSplit Draw(DataOptions options, ulong seed)
    {
        var matrix = NpyMatrix.Open(options.Source);
        try
        {
            long wanted = (long)options.TrainSamples + options.ValidationSamples;
            if (wanted > matrix.Rows)
                throw new InvalidInputException($"{options.Source}: {wanted} samples are wanted but the matrix has only {matrix.Rows} rows; ask for fewer samples");
            var preprocessing = Statistics(matrix, options.Source).Preprocessing(options.Standardise);
            var (train, validation) = DistinctDraw.Draw(matrix.Rows, options.TrainSamples, options.ValidationSamples, seed);
            return new DataSplit(new MatrixSet(matrix, train, preprocessing), new MatrixSet(matrix, validation, preprocessing), preprocessing);
        }
        catch
        {
            matrix.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidInputException">A row of new data holds a value that is not finite, or for a model of whole images one that is not in [0, 1].</exception>
    public void CopyRows(ReadOnlySpan<int> rows, Span<float> destination)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            var values = destination.Slice(i * Dimension, Dimension);
            matrix.CopyRows(this.rows is null ? rows[i] : this.rows[rows[i]], 1, values);
            // Drawn rows were checked when they were drawn.
            if (this.rows is not null) continue;
            ColumnStatistics.RequireFinite(values, rows[i], matrix.Path);
            if (preprocessing.ImageShape is not null) Preprocessing.RequireFractions(values, rows[i], matrix.Path);
        }
        preprocessing.Standardise(destination[..(rows.Length * Dimension)]);
    }

    /// <summary>Closes the file, which training and validation samples share.</summary>
    public void Dispose() => matrix.Dispose();

    private static ColumnStatistics Statistics(NpyMatrix matrix, string source)
    {
        int columns = matrix.Columns, blockRows = Math.Max(1, ValuesPerBlock / columns);
        var statistics = new ColumnStatistics(columns, source);
        float[] block = new float[checked((int)Math.Min(blockRows, matrix.Rows) * columns)];
        for (long first = 0; first < matrix.Rows; first += blockRows)
        {
            int count = (int)Math.Min(blockRows, matrix.Rows - first);
            matrix.CopyRows(first, count, block);
            statistics.Add(block.AsSpan(0, count * columns));
        }
        return statistics;
    }
}
