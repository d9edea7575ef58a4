using System.Globalization;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Reporting;

namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>Result tables as text.</summary>
internal static class ResultTableText
{
    /// <summary>One Markdown table for each group of columns, with the notes.</summary>
    /// <param name="table">The table.</param>
    public static string Markdown(ResultTable table)
    {
        var lines = new List<string>();
        foreach (string group in table.Groups)
        {
            var (columns, indices) = Of(table, group);
            lines.AddRange([$"**{group}**", "", $"| {table.RowHeading} | {string.Join(" | ", columns.Select(column => column.Heading.Replace("|", "\\|", StringComparison.Ordinal)))} |", $"|---|{string.Concat(columns.Select(_ => "---:|"))}"]);
            lines.AddRange(table.Rows.Select(row => $"| {row.FullLabel} | {string.Join(" | ", columns.Zip(indices, (column, index) => column.Text(row.Values[index])))} |"));
            lines.Add("");
        }
        lines.AddRange(table.Notes.SelectMany(note => new[] { note, "" }));
        return string.Join('\n', lines);
    }

    /// <summary>All columns as CSV; a missing number is an empty cell.</summary>
    /// <param name="table">The table.</param>
    public static string CsvOf(ResultTable table) => Csv.File(
        Csv.Line(["run", "state", .. table.Columns.Select(column => column.Key)]),
        table.Rows.Select(row => Csv.Line([row.Key, row.State ?? "", .. row.Values.Select(value => value?.ToString("R", CultureInfo.InvariantCulture) ?? "")])));

    /// <summary>All columns as JSON; a missing number is null, and NaN the text "NaN".</summary>
    /// <param name="table">The table.</param>
    public static string Json(ResultTable table) => new JsonObject
    {
        ["title"] = table.Title,
        ["notes"] = new JsonArray([.. table.Notes.Select(note => (JsonNode)note)]),
        ["rows"] = new JsonArray([.. table.Rows.Select(JsonNode (row) => new JsonObject([
            KeyValuePair.Create("run", (JsonNode?)row.Key), KeyValuePair.Create("label", (JsonNode?)row.Label), KeyValuePair.Create("state", (JsonNode?)row.State),
            .. table.Columns.Zip(row.Values, (column, value) => KeyValuePair.Create(column.Key, value is double.NaN ? "NaN" : (JsonNode?)value))]))]),
    }.ToJsonString(new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";

    /// <summary>One HTML table for each group of columns, with the notes.</summary>
    /// <param name="table">The table.</param>
    public static string HtmlOf(ResultTable table) => string.Concat(table.Groups.Select(group =>
    {
        var (columns, indices) = Of(table, group);
        return $"<h4>{Html.Escape(group)}</h4>\n" + Html.Table([table.RowHeading, .. columns.Select(column => column.Heading)], numeric: true, table.Rows.Select(row =>
            $"<tr><th scope=\"row\">{Html.Escape(row.Label)}{(row.State is null ? "" : $"<span class=\"cause\">{Html.Escape(row.State)}</span>")}</th>"
            + string.Concat(columns.Zip(indices, (column, index) => $"<td class=\"number\">{column.Text(row.Values[index])}</td>")) + "</tr>"));
    })) + string.Concat(table.Notes.Select(Html.Paragraph));

    private static (ResultColumn[] Columns, int[] Indices) Of(ResultTable table, string group)
    {
        int[] indices = [.. Enumerable.Range(0, table.Columns.Count).Where(index => table.Columns[index].Group == group)];
        return ([.. indices.Select(index => table.Columns[index])], indices);
    }
}
