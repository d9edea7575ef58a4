using Spectre.Console;

namespace VariationalSparseCoding.Commands.Printing;

/// <summary>A table of named rows of numbers. Where it is too wide for the terminal, it becomes a list, so that no number is broken.</summary>
/// <param name="title">The title of the names.</param>
/// <param name="columns">The titles of the numbers.</param>
internal sealed class NumberTable(string title, params IReadOnlyList<string> columns)
{
    // A space on either side of the names, one before each number, and one that Spectre puts between two columns and at both ends.
    private const int WidthBesideNames = 4, WidthBesideNumbers = 2;

    private readonly List<(string Name, string[] Numbers)> rows = [];

    /// <summary>Adds a row.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="numbers">Its numbers as texts, one for each column.</param>
    public void Add(string name, params IEnumerable<string> numbers) => rows.Add((Printable.Escape(name), [.. numbers]));

    /// <summary>Prints the table.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="width">The width of the terminal; null for that of the writer.</param>
    public void Print(TextWriter output, int? width = null)
    {
        var console = Consoles.For(output);
        if (width is { } given) console.Profile.Width = given;
        int room = console.Profile.Width, words = Width(breaksTitles: true, breaksNames: true);
        // Titles are broken first, and names only where that does not suffice.
        if (words <= room) console.Write(AsTable(breaksTitles: Width(breaksTitles: false, breaksNames: false) > room, breaksNames: Width(breaksTitles: true, breaksNames: false) > room));
        else foreach (string line in AsList(room)) output.WriteLine(line);
    }

    private int Width(bool breaksTitles, bool breaksNames) => WidthBesideNames + Longest(rows.Select(row => row.Name).Append(title), breaksNames)
        + columns.Select((column, index) => WidthBesideNumbers + Math.Max(Longest([column], breaksTitles), rows.Select(row => row.Numbers[index].Length).DefaultIfEmpty().Max())).Sum();

    private static int Longest(IEnumerable<string> texts, bool breaks) => texts.Max(text => breaks ? text.Split(' ').Max(word => word.Length) : text.Length);

    private Table AsTable(bool breaksTitles, bool breaksNames)
    {
        var names = new TableColumn(Markup.Escape(title));
        var table = new Table { Border = TableBorder.Simple }.AddColumn(breaksNames ? names : names.NoWrap());
        foreach (string column in columns) table.AddColumn(new TableColumn(Markup.Escape(breaksTitles ? column.Replace(' ', '\n') : column)).RightAligned().PadRight(0).NoWrap());
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
