using System.Numerics;
using VariationalSparseCoding.Experiments;
using static System.FormattableString;

namespace VariationalSparseCoding.Data;

/// <summary>
/// Mean and population standard deviation of each column of a matrix, in one pass (Welford), with a check that every value is finite. Nothing depends on the unit of a column.
/// </summary>
/// <param name="columns">D.</param>
/// <param name="source">Where the matrix comes from, for messages.</param>
internal sealed class ColumnStatistics(int columns, string source)
{
    // What float32 and float64 cannot tell from a constant: a deviation of four halves of the last digit.
    private const double SmallestRelativeDeviation = 1.0 / (1 << 22), SmallestRelativeDeviationOfDouble = 1.0 / (1L << 51);

    /// <summary>How messages name the setting by which values are used as they are.</summary>
    public const string RawSetting = "normalisation = none";

    // Standardised values times the deviation must have room in float32, on the way back.
    private const double Smallest = 1e-36, Largest = 1e36;

    // A column is said to hang on a row that makes up so much of its variance, where there are rows enough to tell.
    private const double LargestShare = 0.25;
    private const int FewestRows = 100, MostNamed = 5;

    private readonly double[] mean = new double[columns], squares = new double[columns];
    private readonly double[] least = Enumerable.Repeat(double.PositiveInfinity, columns).ToArray(), most = Enumerable.Repeat(double.NegativeInfinity, columns).ToArray();
    private long count, normCount;
    private double norms;

    /// <summary>Whether the values have the digits of float64, also when they are standardised.</summary>
    public bool IsDouble { get; init; }

    /// <summary>What a person should know of the columns, in one line each; complete when <see cref="Preprocessing"/> has returned.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>The mean squared value of all entries.</summary>
    public double MeanSquare => mean.Zip(squares, (centre, sum) => centre * centre + sum / count).Average();

    /// <summary>Adds the rows that follow.</summary>
    /// <param name="rows">Rows, [B, D].</param>
    /// <exception cref="InvalidInputException">A value is not finite.</exception>
    public void Add<T>(ReadOnlySpan<T> rows) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (; !rows.IsEmpty; rows = rows[columns..])
        {
            var values = rows[..columns];
            RequireFinite(values, count, source);
            double share = 1.0 / ++count;
            for (int column = 0; column < columns; column++)
            {
                double value = double.CreateTruncating(values[column]), distance = value - mean[column];
                mean[column] += distance * share;
                squares[column] += distance * (value - mean[column]);
                least[column] = Math.Min(least[column], value);
                most[column] = Math.Max(most[column], value);
            }
        }
    }

    /// <summary>Adds the rows' distances from the mean, which is complete: a second pass over the same rows, for <see cref="Normalisation.Global"/>.</summary>
    /// <param name="rows">Rows, [B, D].</param>
    public void AddNorms<T>(ReadOnlySpan<T> rows) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (; !rows.IsEmpty; rows = rows[columns..])
        {
            double sum = 0;
            for (int column = 0; column < columns; column++)
            {
                double distance = double.CreateTruncating(rows[column]) - mean[column];
                sum += distance * distance;
            }
            norms += Math.Sqrt(sum);
            normCount++;
        }
    }

    /// <summary>The mean squared value of all entries after a normalisation.</summary>
    /// <param name="normalisation">The normalisation; for the global one the norms were added.</param>
    public double MeanSquareAfter(Normalisation normalisation) => normalisation switch
    {
        Normalisation.Column => 1,
        Normalisation.Global => squares.Sum() / count / columns / (GlobalScale * GlobalScale),
        _ => MeanSquare,
    };

    /// <summary>
    /// The preprocessing of vectors with these statistics. The deviation of a column that is constant, or varies by less than its numbers can hold, is 0: see <see cref="Data.Preprocessing"/>.
    /// </summary>
    /// <param name="normalisation">What is done to values; for the global normalisation the norms were added. For none the statistics are not used.</param>
    /// <exception cref="InvalidInputException">Every column is constant, or a column is too large or too small for float32.</exception>
    public Preprocessing Preprocessing(Normalisation normalisation)
    {
        if (normalisation == Normalisation.None) return Data.Preprocessing.OfVectors(columns);
        double[] deviation = Array.ConvertAll(squares, sum => Math.Sqrt(sum / count));
        int[] constant = Hardly(IsDouble ? SmallestRelativeDeviationOfDouble : SmallestRelativeDeviation), fine = IsDouble ? [.. Hardly(SmallestRelativeDeviation).Except(constant)] : [];
        if (constant.Length == columns)
        {
            throw new InvalidInputException($"{source}: {(count == 1 ? "one row does" : $"all rows are equal within the precision of {Type}, and do")} not tell how far values spread; give rows that differ, or use the values raw ({RawSetting})")
            {
                Remedy = Remedy.UseRawValues,
            };
        }
        foreach (int column in constant) deviation[column] = 0;
        int odd = Array.FindIndex(deviation, value => value is not (0 or (>= Smallest and <= Largest)));
        if (odd < 0) odd = Array.FindIndex(mean, value => Math.Abs(value) > Largest);
        if (odd >= 0)
            throw new InvalidInputException(Invariant($"{source}: column {odd} has the mean {mean[odd]:G4} and the standard deviation {deviation[odd]:G4}, and float32 holds numbers from {Smallest} to {Largest} with room to spare; multiply the column by a constant"));
        int[] hanging = [.. Enumerable.Range(0, columns).Where(column => deviation[column] > 0 && count >= FewestRows && LargestDistance(column) >= Math.Sqrt(LargestShare * count) * deviation[column])];
        Notes = [.. constant.Length > 0 ? [ConstantNote(constant)] : (string[])[], .. fine.Length > 0 ? [FineNote(fine)] : (string[])[], .. hanging.Length > 0 ? [HangingNote(hanging, deviation)] : (string[])[]];
        double scale = normalisation == Normalisation.Global ? GlobalScale : 0;
        return Data.Preprocessing.OfVectors(columns, mean, normalisation == Normalisation.Global ? Array.ConvertAll(deviation, value => value == 0 ? 0 : scale) : deviation);

        int[] Hardly(double relative) => [.. Enumerable.Range(0, columns).Where(column => deviation[column] <= relative * Math.Max(most[column], -least[column]))];
    }

    /// <summary>Checks one row.</summary>
    /// <param name="values">The row.</param>
    /// <param name="row">Its number.</param>
    /// <param name="source">Where it comes from.</param>
    /// <exception cref="InvalidInputException">A value is not finite.</exception>
    public static void RequireFinite<T>(ReadOnlySpan<T> values, long row, string source) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int column = 0; column < values.Length; column++)
            if (!T.IsFinite(values[column]))
                throw new InvalidInputException($"{source}: the value in row {row}, column {column} is {values[column]}; remove the row or replace the value");
    }

    // Samples divided by it have the mean norm sqrt(D).
    private double GlobalScale => normCount == count ? norms / count / Math.Sqrt(columns) : throw new InvalidOperationException("The norms of all rows must be added first.");

    private string Type => IsDouble ? "float64" : "float32";

    private double LargestDistance(int column) => Math.Max(most[column] - mean[column], mean[column] - least[column]);

    private string ConstantNote(int[] constant) =>
        $"{source}: {Named(constant)} constant within the precision of {Type} ({constant.Length} of {columns}); codes do not depend on {(constant.Length == 1 ? "it, and it is" : "them, and they are")} decoded as the mean";

    private string FineNote(int[] fine) =>
        $"{source}: {Named(fine)} almost constant beside the mean ({fine.Length} of {columns}); codes see the difference, but decoded values are float32, which does not hold it: subtract the mean first to have it there";

    // They are standardised like others: training was not disturbed by them, and a rare value may be what somebody looks for.
    private string HangingNote(int[] hanging, double[] deviation)
    {
        double distance = hanging.Max(column => LargestDistance(column) / deviation[column]);
        return Invariant($"{source}: {Named(hanging)} almost constant but for single rows ({hanging.Length} of {columns}), up to {distance:F1} standard deviations from the mean; look whether these rows are in order");
    }

    private static string Named(int[] some)
    {
        string rest = some.Length > MostNamed ? $" and {some.Length - MostNamed} more" : "";
        return some.Length == 1 ? $"column {some[0]} is" : $"columns {string.Join(", ", some.Take(MostNamed))}{rest} are";
    }
}
