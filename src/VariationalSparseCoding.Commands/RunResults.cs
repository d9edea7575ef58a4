using System.Text.Json.Nodes;
using VariationalSparseCoding.Commands.Printing;
using VariationalSparseCoding.Reporting;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Commands;

/// <summary>A run's evaluation as commands show and keep it, whatever its generator.</summary>
/// <param name="Table">The numbers as a table.</param>
/// <param name="Explanation">Lines that say what the numbers are, and what they come to.</param>
/// <param name="Json">The numbers under flat names.</param>
/// <param name="Describe">Returns what a page says about the run.</param>
/// <param name="WriteReport">Writes report and pictures; the report to a file, or null for the run's own.</param>
/// <param name="Pictures">The pictures' names and files.</param>
internal sealed record RunResults(EvaluationTable Table, IReadOnlyList<string> Explanation, JsonObject Json, Func<ReportedRun> Describe, Action<string?> WriteReport, IReadOnlyList<(string Name, string Path)> Pictures)
{
    /// <summary>Evaluates a run.</summary>
    /// <param name="kinds">How runs are evaluated.</param>
    /// <param name="folder">The run.</param>
    /// <param name="draws">J of the codes as trained; null takes the run's.</param>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    public static RunResults Of(RunKinds kinds, RunFolder folder, int? draws, CancellationToken cancellationToken) =>
        kinds.Find(folder.Experiment.Generator.Kind)(folder, draws, cancellationToken);

    /// <summary>Keeps the numbers in the run's folder.</summary>
    /// <param name="folder">The run.</param>
    public void Keep(RunFolder folder) => AtomicFile.WriteText(folder.EvaluationFile, JsonText() + "\n");

    /// <summary>Returns the numbers as indented JSON.</summary>
    public string JsonText() => Json.ToJsonString(new() { WriteIndented = true });

    /// <summary>Returns the numbers as CSV: a line of names, in which a point stands before what is below another name, and a line of values.</summary>
    public string CsvText()
    {
        List<(string Name, string Value)> cells = [];
        Add("", Json);
        return $"{string.Join(',', cells.Select(cell => Quoted(cell.Name)))}\n{string.Join(',', cells.Select(cell => Quoted(cell.Value)))}";

        void Add(string name, JsonNode? node)
        {
            string before = name.Length == 0 ? "" : name + ".";
            if (node is JsonObject values)
                foreach (var (key, value) in values) Add(before + key, value);
            else if (node is JsonArray list)
                for (int i = 0; i < list.Count; i++) Add(FormattableString.Invariant($"{before}{i}"), list[i]);
            else cells.Add((name, node is JsonValue text && text.TryGetValue(out string? written) ? written : node?.ToJsonString() ?? ""));
        }

        static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    /// <summary>Prints the numbers as a table.</summary>
    /// <param name="output">Where to.</param>
    public void Print(TextWriter output)
    {
        var table = new NumberTable("codes", Table.Columns);
        foreach (var row in Table.Rows) table.Add(row.Label, row.Values.Select(value => Consoles.Number(value)));
        table.Print(output);
        foreach (string line in Explanation) output.WriteLine(line);
    }
}
