using System.Numerics;
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
    /// <param name="options">The .npy file, numbers of samples, and their normalisation.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InvalidInputException">The file cannot be used, has fewer rows than wanted, holds a value that is not finite, or all rows are equal and to be normalised.</exception>
    public static DataSplit Draw(DataOptions options, ulong seed)
    {
        var matrix = NpyMatrix.Open(options.Source);
        try
        {
            long wanted = (long)options.TrainSamples + options.ValidationSamples;
            if (matrix.Rows == 1) throw new InvalidInputException($"{options.Source}: the matrix has one row, and a run takes at least two: one to train on and one to validate; give more rows");
            if (wanted > matrix.Rows)
                throw new InvalidInputException($"{options.Source}: {wanted} samples are wanted but the matrix has only {matrix.Rows} rows; ask for fewer samples");
            var statistics = Statistics(matrix, options);
            var preprocessing = statistics.Preprocessing(options.Normalisation);
            var (train, validation) = DistinctDraw.Draw(matrix.Rows, options.TrainSamples, options.ValidationSamples, seed);
            return new DataSplit(new MatrixSet(matrix, train, preprocessing), new MatrixSet(matrix, validation, preprocessing), preprocessing)
            {
                Notes = statistics.Notes,
                MeanSquare = statistics.MeanSquareAfter(options.Normalisation),
            };
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
        // Standardised before they are narrowed: a large mean would take the digits.
        if (matrix.IsDouble && preprocessing.IsStandardised)
        {
            double[] values = new double[Dimension];
            for (int i = 0; i < rows.Length; i++)
            {
                matrix.CopyRows(Place(rows[i]), 1, values);
                Require<double>(values, rows[i]);
                preprocessing.Standardise(values, destination.Slice(i * Dimension, Dimension));
            }
            return;
        }
        for (int i = 0; i < rows.Length; i++)
        {
            var values = destination.Slice(i * Dimension, Dimension);
            matrix.CopyRows(Place(rows[i]), 1, values);
            Require<float>(values, rows[i]);
            if (this.rows is null && preprocessing.ImageShape is not null) Preprocessing.RequireFractions(values, rows[i], matrix.Path);
        }
        preprocessing.Standardise(destination[..(rows.Length * Dimension)]);
    }

    /// <summary>Closes the file, which training and validation samples share.</summary>
    public void Dispose() => matrix.Dispose();

    private long Place(int row) => rows is null ? row : rows[row];

    // Drawn rows were checked when they were drawn.
    private void Require<T>(ReadOnlySpan<T> values, int row) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (rows is null) ColumnStatistics.RequireFinite(values, row, matrix.Path);
    }

    private static ColumnStatistics Statistics(NpyMatrix matrix, DataOptions options)
    {
        var statistics = new ColumnStatistics(matrix.Columns, options.Source) { IsDouble = matrix.IsDouble };
        ReadBlocks(matrix, statistics.Add);
        if (options.Normalisation == Normalisation.Global) ReadBlocks(matrix, statistics.AddNorms);
        return statistics;
    }

    private static void ReadBlocks(NpyMatrix matrix, RowReceiver receive)
    {
        int columns = matrix.Columns, blockRows = Math.Max(1, ValuesPerBlock / columns);
        double[] block = new double[checked((int)Math.Min(blockRows, matrix.Rows) * columns)];
        for (long first = 0; first < matrix.Rows; first += blockRows)
        {
            int count = (int)Math.Min(blockRows, matrix.Rows - first);
            matrix.CopyRows(first, count, block);
            receive(block.AsSpan(0, count * columns));
        }
    }

    private delegate void RowReceiver(ReadOnlySpan<double> rows);
}
