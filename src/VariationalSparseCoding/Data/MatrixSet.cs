using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Data;

/// <summary>Rows of a matrix in a file, which may be larger than memory, standardised when they are asked for.</summary>
public sealed class MatrixSet : ISampleSet
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
            var (mean, deviation) = Statistics(matrix, options.Source);
            int constant = options.Standardise ? Array.IndexOf(deviation, 0.0) : -1;
            if (constant >= 0)
                throw new InvalidInputException($"{options.Source}: column {constant} is constant and cannot be standardised; remove the column or use the values raw (standardise = false)");
            var preprocessing = options.Standardise ? Preprocessing.OfVectors(matrix.Columns, mean, deviation) : Preprocessing.OfVectors(matrix.Columns);
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
    /// <exception cref="InvalidInputException">A row of new data holds a value that is not finite.</exception>
    public void CopyRows(ReadOnlySpan<int> rows, Span<float> destination)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            var values = destination.Slice(i * Dimension, Dimension);
            matrix.CopyRows(this.rows is null ? rows[i] : this.rows[rows[i]], 1, values);
            // Drawn rows were checked when they were drawn.
            if (this.rows is null) RequireFinite(values, rows[i], matrix.Path);
        }
        preprocessing.Standardise(destination[..(rows.Length * Dimension)]);
    }

    /// <summary>Closes the file, which training and validation samples share.</summary>
    public void Dispose() => matrix.Dispose();

    /// <summary>Mean and population standard deviation of each column in one pass (Welford), [D] each.</summary>
    private static (double[] Mean, double[] Deviation) Statistics(NpyMatrix matrix, string source)
    {
        int columns = matrix.Columns, blockRows = Math.Max(1, ValuesPerBlock / columns);
        var (mean, squares) = (new double[columns], new double[columns]);
        float[] block = new float[checked((int)Math.Min(blockRows, matrix.Rows) * columns)];
        for (long first = 0; first < matrix.Rows; first += blockRows)
        {
            int count = (int)Math.Min(blockRows, matrix.Rows - first);
            matrix.CopyRows(first, count, block);
            for (int row = 0; row < count; row++)
            {
                double share = 1.0 / (first + row + 1);
                var values = block.AsSpan(row * columns, columns);
                RequireFinite(values, first + row, source);
                for (int column = 0; column < values.Length; column++)
                {
                    double distance = values[column] - mean[column];
                    mean[column] += distance * share;
                    squares[column] += distance * (values[column] - mean[column]);
                }
            }
        }
        return (mean, Array.ConvertAll(squares, sum => Math.Sqrt(sum / matrix.Rows)));
    }

    private static void RequireFinite(ReadOnlySpan<float> values, long row, string source)
    {
        for (int column = 0; column < values.Length; column++)
            if (!float.IsFinite(values[column]))
                throw new InvalidInputException($"{source}: the value in row {row}, column {column} is {values[column]}; remove the row or replace the value");
    }
}
