using System.Buffers;
using System.Globalization;

namespace VariationalSparseCoding.Reproduction;

/// <summary>Lines of comma-separated values (RFC 4180).</summary>
internal static class Csv
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    /// <summary>Joins cells to a line, without its end; a cell with a comma, a quotation mark or a line break is quoted.</summary>
    /// <param name="cells">The cells.</param>
    public static string Line(params IEnumerable<string> cells) => string.Join(',', cells.Select(Cell));

    /// <summary>Joins a heading and lines to a file.</summary>
    /// <param name="heading">The names of the columns, as a line.</param>
    /// <param name="lines">The other lines.</param>
    public static string File(string heading, IEnumerable<string> lines) => string.Join('\n', lines.Prepend(heading)) + "\n";

    /// <summary>Writes a number for a figure's data; a missing one is an empty cell.</summary>
    /// <param name="value">The number; null where it is missing.</param>
    public static string Number(double? value) => value?.ToString("G6", CultureInfo.InvariantCulture) ?? "";

    private static string Cell(string text) => text.AsSpan().ContainsAny(Special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
