using System.Globalization;
using VariationalSparseCoding.Reporting;

namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>A table of numbers with the same rows in several groups of columns.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="RowHeading">What the rows are.</param>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Notes">What a reader must know, one paragraph each.</param>
internal sealed record ResultTable(string Title, string RowHeading, IReadOnlyList<ResultColumn> Columns, IReadOnlyList<ResultRow> Rows, IReadOnlyList<string> Notes)
{
    /// <summary>The groups of columns, in order.</summary>
    public IEnumerable<string> Groups => Columns.Select(column => column.Group).Distinct();
}

/// <summary>A column.</summary>
/// <param name="Key">Its name in CSV and JSON.</param>
/// <param name="Heading">Its heading for readers.</param>
/// <param name="Group">The group that it is shown in.</param>
/// <param name="Decimals">Decimals for readers.</param>
/// <param name="IsPercent">Whether the numbers are fractions that are shown as percentages.</param>
internal sealed record ResultColumn(string Key, string Heading, string Group, int Decimals, bool IsPercent = false)
{
    /// <summary>A number of the column for readers.</summary>
    /// <param name="value">The number; null is missing.</param>
    public string Text(double? value) => value is not { } number ? Numbers.Missing
        : double.IsNaN(number) ? "NaN"
        : (IsPercent ? 100 * number : number).ToString("F" + Decimals, CultureInfo.InvariantCulture).Replace('-', '−') + (IsPercent ? " %" : "");
}

/// <summary>A row.</summary>
/// <param name="Key">Its name in CSV and JSON.</param>
/// <param name="Label">Its name for readers.</param>
/// <param name="State">Why numbers are missing, in a word or two; null where none should be.</param>
/// <param name="Values">A number for each column; null where there is none, NaN where a run ended in NaN.</param>
internal sealed record ResultRow(string Key, string Label, string? State, IReadOnlyList<double?> Values)
{
    /// <summary>The row's name with what is wrong with it.</summary>
    public string FullLabel => State is null ? Label : $"{Label} ({State})";
}
