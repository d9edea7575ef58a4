using System.Globalization;
using Spectre.Console;

namespace VariationalSparseCoding.Commands.Printing;

/// <summary>Consoles for writers: coloured and live on a terminal, plain where output is redirected.</summary>
internal static class Consoles
{
    /// <summary>The width of what is not printed on a terminal.</summary>
    public const int PlainWidth = 120;

    /// <summary>Whether a writer is a terminal.</summary>
    /// <param name="output">The writer.</param>
    public static bool IsLive(TextWriter output) => ReferenceEquals(Raw(output), Console.Out) && !Console.IsOutputRedirected;

    /// <summary>Creates a console that writes to a writer.</summary>
    /// <param name="output">The writer.</param>
    public static IAnsiConsole For(TextWriter output)
    {
        bool live = IsLive(output);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(live ? Raw(output) : output),
            Ansi = live ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = live ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = live ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!live) console.Profile.Width = PlainWidth;
        return console;
    }

    /// <summary>Creates an empty table of texts.</summary>
    /// <param name="columns">The titles of its columns.</param>
    public static Table Table(params ReadOnlySpan<string> columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (string column in columns) table.AddColumn(Cell(column));
        return table;
    }

    /// <summary>Returns a text as a table or bar shows it, whatever it holds.</summary>
    /// <param name="text">The text.</param>
    public static string Cell(string text) => Markup.Escape(Printable.Escape(text));

    /// <summary>Returns a number as a table shows it; "-" if it is NaN.</summary>
    /// <param name="value">The number.</param>
    /// <param name="format">How it is written.</param>
    public static string Number(double value, string format = "G4") => double.IsNaN(value) ? "-" : value.ToString(format, CultureInfo.InvariantCulture);

    private static TextWriter Raw(TextWriter output) => output is PrintableWriter { Inner: var inner } ? inner : output;
}
