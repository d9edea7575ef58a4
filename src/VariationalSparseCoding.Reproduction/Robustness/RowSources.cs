using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Reproduction.Robustness;

/// <summary>Fills one row of a data set.</summary>
/// <param name="row">Receives the row, [D].</param>
internal delegate void RowFiller(Span<double> row);

/// <summary>Draws what the rows of a data set share, such as its dictionary.</summary>
/// <param name="random">The random numbers of the whole data set.</param>
/// <param name="dimension">D.</param>
/// <returns>Draws its rows, one after the other.</returns>
internal delegate RowFiller RowSource(CounterRandom random, int dimension);

/// <summary>The kinds of rows that data sets of <see cref="RobustnessSet"/> are made of.</summary>
internal static class RowSources
{
    /// <summary>Normal factors times normal loadings, plus noise: x = L f + noise e.</summary>
    /// <param name="rank">Number of factors.</param>
    /// <param name="noise">Standard deviation of the noise.</param>
    /// <param name="decay">Factor f has the standard deviation 1 / f^decay.</param>
    public static RowSource LowRank(int rank, double noise, double decay = 0) => (random, dimension) =>
    {
        double[] loadings = Normals(random, rank * dimension);
        return row =>
        {
            for (int column = 0; column < row.Length; column++) row[column] = noise * Normal(random);
            for (int factor = 0; factor < rank; factor++) Add(row, loadings.AsSpan(factor * dimension), Normal(random) / Math.Pow(factor + 1, decay));
        };
    };

    /// <summary>A few Laplacian multiples of normal atoms, plus noise of a tenth of an atom's length.</summary>
    /// <param name="atoms">Number of atoms.</param>
    /// <param name="support">How many are drawn for a row.</param>
    /// <param name="isPositive">Whether multiples are positive.</param>
    public static RowSource SparseSums(int atoms, int support, bool isPositive = false) => (random, dimension) =>
    {
        double[] dictionary = Normals(random, atoms * dimension);
        return row =>
        {
            for (int column = 0; column < row.Length; column++) row[column] = 0.1 * Normal(random);
            for (int drawn = 0; drawn < support; drawn++)
            {
                double value = -Math.Log(random.NextDouble());
                Add(row, dictionary.AsSpan((int)random.NextInt64(atoms) * dimension), isPositive || random.NextInt64(2) == 0 ? value : -value);
            }
        };
    };

    /// <summary>Normal clusters around normal centres.</summary>
    /// <param name="clusters">Number of clusters.</param>
    /// <param name="spread">Standard deviation within one, where centres have 1.</param>
    public static RowSource Clusters(int clusters, double spread) => (random, dimension) =>
    {
        double[] centres = Normals(random, clusters * dimension);
        return row =>
        {
            int cluster = (int)random.NextInt64(clusters);
            for (int column = 0; column < row.Length; column++) row[column] = centres[cluster * dimension + column] + spread * Normal(random);
        };
    };

    /// <summary>A few rows that come again and again.</summary>
    /// <param name="distinct">Number of distinct rows.</param>
    public static RowSource Repeated(int distinct) => Clusters(distinct, 0);

    /// <summary>Values independent of each other.</summary>
    /// <param name="draw">Draws a value.</param>
    public static RowSource Independent(Func<CounterRandom, double> draw) => (random, _) => row =>
    {
        foreach (ref double value in row) value = draw(random);
    };

    /// <summary>Counts whose rates are products of few positive factors: Poisson, with a mean of about <paramref name="mean"/>.</summary>
    /// <param name="rank">Number of factors.</param>
    /// <param name="mean">The mean count.</param>
    public static RowSource Counts(int rank, double mean) => (random, dimension) =>
    {
        double[] loadings = Normals(random, rank * dimension);
        foreach (ref double loading in loadings.AsSpan()) loading *= loading;
        double[] rates = new double[dimension];
        return row =>
        {
            rates.AsSpan().Clear();
            for (int factor = 0; factor < rank; factor++) Add(rates, loadings.AsSpan(factor * dimension), -mean * Math.Log(random.NextDouble()) / rank);
            for (int column = 0; column < row.Length; column++) row[column] = Poisson(random, rates[column]);
        };
    };

    /// <summary>Zeros with a single 1 in each of so many groups of columns.</summary>
    /// <param name="groups">Number of groups, which divides D.</param>
    /// <param name="isZipf">Whether the columns of a group have probabilities 1/1, 1/2, 1/3, ... instead of equal ones.</param>
    public static RowSource OneHot(int groups, bool isZipf = false) => (random, dimension) =>
    {
        int size = dimension / groups;
        return row =>
        {
            row.Clear();
            for (int group = 0; group < groups; group++)
            {
                int column = isZipf ? (int)Math.Min(size - 1, Math.Pow(size + 1, random.NextDouble()) - 1) : (int)random.NextInt64(size);
                row[group * size + column] = 1;
            }
        };
    };

    /// <summary>Multiplies every value.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="factor">What by.</param>
    /// <param name="offset">What is added afterwards.</param>
    public static RowSource Scaled(RowSource rows, double factor, double offset = 0) => Changed(rows, (_, _, value) => factor * value + offset);

    /// <summary>Changes each value by itself.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="change">Is given the random numbers, the column and the value.</param>
    public static RowSource Changed(RowSource rows, Func<CounterRandom, int, double, double> change) => (random, dimension) =>
    {
        var fill = rows(random, dimension);
        return row =>
        {
            fill(row);
            for (int column = 0; column < row.Length; column++) row[column] = change(random, column, row[column]);
        };
    };

    /// <summary>A standard normal value (Box and Muller).</summary>
    /// <param name="random">The random numbers.</param>
    public static double Normal(CounterRandom random) => Math.Sqrt(-2 * Math.Log(random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>A value of Student's t distribution; Cauchy's with one degree of freedom.</summary>
    /// <param name="random">The random numbers.</param>
    /// <param name="degrees">Degrees of freedom.</param>
    public static double StudentT(CounterRandom random, int degrees)
    {
        double squares = 0;
        for (int i = 0; i < degrees; i++) squares += Math.Pow(Normal(random), 2);
        return Normal(random) / Math.Sqrt(squares / degrees);
    }

    // Knuth's product for few, the normal approximation for many.
    private static double Poisson(CounterRandom random, double rate)
    {
        if (rate > 50) return Math.Max(0, Math.Round(rate + Math.Sqrt(rate) * Normal(random)));
        int count = 0;
        for (double product = random.NextDouble(), limit = Math.Exp(-rate); product > limit; product *= random.NextDouble()) count++;
        return count;
    }

    private static double[] Normals(CounterRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => Normal(random))];

    private static void Add(Span<double> row, ReadOnlySpan<double> added, double factor)
    {
        for (int column = 0; column < row.Length; column++) row[column] += factor * added[column];
    }
}
