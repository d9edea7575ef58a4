using Spectre.Console;
using VariationalSparseCoding.Reporting;

namespace VariationalSparseCoding.Commands.Printing;

/// <summary>A table of named rows of numbers. Where it is too wide for the terminal, it becomes a list, so that no number is broken.</summary>
/// <param name="title">The title of the names.</param>
/// <param name="columns">The titles of the numbers.</param>
internal sealed class NumberTable(string title, params IReadOnlyList<string> columns)
{
    // Two spaces beside each column, and the lines between them.
    private const int WidthBesideColumn = 3;

    private readonly List<(string Name, string[] Numbers)> rows = [];

    /// <summary>Adds a row.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="numbers">Its numbers as texts, one for each column.</param>
    public void Add(string name, params IEnumerable<string> numbers) => rows.Add((Printable.Escape(name), [.. numbers]));

    /// <summary>Prints the table.</summary>
    /// <param name="output">Where to.</param>
    public void Print(TextWriter output)
    {
        var console = Consoles.For(output);
        if (LeastWidth() <= console.Profile.Width) console.Write(AsTable());
        else foreach (string line in AsList(console.Profile.Width)) output.WriteLine(line);
    }

    /// <summary>Returns the width of the table if its texts are broken at every space.</summary>
    private int LeastWidth() => WidthBesideColumn + Column(title, rows.Select(row => row.Name))
        + columns.Select((column, index) => Column(column, rows.Select(row => row.Numbers[index]))).Sum();

    private static int Column(string title, IEnumerable<string> cells) => WidthBesideColumn + cells.Append(title).SelectMany(cell => cell.Split(' ')).Max(word => word.Length);

    private Table AsTable()
    {
        var table = new Table { Border = TableBorder.Simple }.AddColumn(Markup.Escape(title));
        foreach (string column in columns) table.AddColumn(new TableColumn(Markup.Escape(column)).RightAligned());
        foreach (var (name, numbers) in rows) table.AddRow([.. numbers.Prepend(name).Select(Markup.Escape)]);
        return table;
    }

    private IEnumerable<string> AsList(int width)
    {
        int longest = columns.Max(column => column.Length);
        foreach (var (name, numbers) in rows)
        {
            yield return name;
            for (int i = 0; i < columns.Count; i++)
            {
                string oneLine = $"  {columns[i].PadRight(longest)}  {numbers[i]}";
                yield return oneLine.Length <= width ? oneLine : $"  {columns[i]} {numbers[i]}";
            }
        }
    }
}
