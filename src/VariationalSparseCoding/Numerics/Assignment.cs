namespace VariationalSparseCoding.Numerics;

/// <summary>The linear assignment problem.</summary>
internal static class Assignment
{
    /// <summary>Gives every row a column of its own so that the sum of costs is least: shortest augmenting paths with dual prices (Jonker and Volgenant 1987), O(rows^2 columns).</summary>
    /// <param name="costs">Finite costs, [rows, columns].</param>
    /// <param name="rows">At most the columns.</param>
    /// <param name="columns">Columns.</param>
    /// <returns>Each row's column, [rows].</returns>
    public static int[] Minimise(ReadOnlySpan<double> costs, int rows, int columns)
    {
        if (rows > columns) throw new ArgumentException($"{rows} rows cannot have {columns} columns each of their own.", nameof(rows));
        double[] rowPrices = new double[rows], columnPrices = new double[columns], distances = new double[columns];
        int[] rowOf = new int[columns], columnOf = new int[rows], previous = new int[columns];
        bool[] settled = new bool[columns];
        Array.Fill(rowOf, -1);
        Array.Fill(columnOf, -1);
        for (int start = 0; start < rows; start++)
        {
            Array.Fill(distances, double.PositiveInfinity);
            Array.Clear(settled);
            int row = start, free = -1;
            double reached = 0;
            while (free < 0)
            {
                int nearest = -1;
                for (int column = 0; column < columns; column++)
                {
                    if (settled[column]) continue;
                    double distance = reached + costs[row * columns + column] - rowPrices[row] - columnPrices[column];
                    if (distance < distances[column]) (distances[column], previous[column]) = (distance, row);
                    if (nearest < 0 || distances[column] < distances[nearest]) nearest = column;
                }
                reached = distances[nearest];
                settled[nearest] = true;
                if (rowOf[nearest] < 0) free = nearest;
                else row = rowOf[nearest];
            }
            rowPrices[start] += reached;
            for (int column = 0; column < columns; column++)
            {
                if (!settled[column] || column == free) continue;
                columnPrices[column] += distances[column] - reached;
                rowPrices[rowOf[column]] += reached - distances[column];
            }
            while (free >= 0)
            {
                row = previous[free];
                rowOf[free] = row;
                (columnOf[row], free) = (free, columnOf[row]);
            }
        }
        return columnOf;
    }
}
