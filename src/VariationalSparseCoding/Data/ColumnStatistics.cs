namespace VariationalSparseCoding.Data;

/// <summary>Mean and population standard deviation of each column of a matrix, in one pass (Welford), with a check that every value is finite.</summary>
/// <param name="columns">D.</param>
/// <param name="source">Where the matrix comes from, for messages.</param>
internal sealed class ColumnStatistics(int columns, string source)
{
    private readonly double[] mean = new double[columns], squares = new double[columns];
    private long count;

    /// <summary>Adds the rows that follow.</summary>
    /// <param name="rows">Rows, [B, D].</param>
    /// <exception cref="InvalidInputException">A value is not finite.</exception>
    public void Add(ReadOnlySpan<float> rows)
    {
        for (; !rows.IsEmpty; rows = rows[columns..])
        {
            var values = rows[..columns];
            RequireFinite(values, count, source);
            double share = 1.0 / ++count;
            for (int column = 0; column < columns; column++)
            {
                double distance = values[column] - mean[column];
                mean[column] += distance * share;
                squares[column] += distance * (values[column] - mean[column]);
            }
        }
    }

    /// <summary>The preprocessing of vectors with these statistics.</summary>
    /// <param name="standardise">Whether values are standardised; else the statistics are not used.</param>
    /// <exception cref="InvalidInputException">A column is constant and to be standardised.</exception>
    public Preprocessing Preprocessing(bool standardise)
    {
        if (!standardise) return Data.Preprocessing.OfVectors(columns);
        int constant = Array.IndexOf(squares, 0.0);
        if (constant >= 0)
            throw new InvalidInputException($"{source}: column {constant} is constant and cannot be standardised; remove the column or use the values raw (standardise = false)");
        return Data.Preprocessing.OfVectors(columns, mean, Array.ConvertAll(squares, sum => Math.Sqrt(sum / count)));
    }

    /// <summary>Checks one row.</summary>
    /// <param name="values">The row.</param>
    /// <param name="row">Its number.</param>
    /// <param name="source">Where it comes from.</param>
    /// <exception cref="InvalidInputException">A value is not finite.</exception>
    public static void RequireFinite(ReadOnlySpan<float> values, long row, string source)
    {
        for (int column = 0; column < values.Length; column++)
            if (!float.IsFinite(values[column]))
                throw new InvalidInputException($"{source}: the value in row {row}, column {column} is {values[column]}; remove the row or replace the value");
    }
}
