using System.Globalization;

namespace VariationalSparseCoding.Reporting;

/// <summary>Numbers as text, the same in figures and tables.</summary>
internal static class Numbers
{
    /// <summary>Stands for a value that is missing or not a number.</summary>
    public const string Missing = "–";

    /// <summary>About four significant digits.</summary>
    public static string Text(double value) => Text(value, Decimals([value]));

    /// <summary>A given number of decimals; a value that would round to zero without being zero keeps its own digits.</summary>
    public static string Text(double value, int decimals)
    {
        double size = Math.Abs(value);
        string text = double.IsNaN(value) ? Missing
            : double.IsInfinity(value) ? (value > 0 ? "∞" : "-∞")
            : size >= 1e7 || (size > 0 && size < 1e-4) ? value.ToString("0.00e+0", CultureInfo.InvariantCulture)
            : Math.Round(size, decimals) == 0 && size > 0 ? Text(value)
            : value.ToString("F" + decimals, CultureInfo.InvariantCulture);
        return text.Replace('-', '−');
    }

    /// <summary>A fraction in [0, 1] as a percentage.</summary>
    public static string Percent(double fraction) => double.IsFinite(fraction) ? Text(fraction * 100, fraction >= 0.1 ? 1 : 2) + " %" : Missing;

    /// <summary>Decimals that give the largest of some values about four significant digits.</summary>
    public static int Decimals(IEnumerable<double> values)
    {
        double largest = values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        return largest == 0 ? 0 : Math.Clamp(3 - (int)Math.Floor(Math.Log10(largest)), 0, 7);
    }
}
