using Spectre.Console;

namespace VariationalSparseCoding.Cli;

/// <summary>Consoles for writers: coloured and live on a terminal, plain where output is redirected.</summary>
internal static class Terminal
{
    private const int PlainWidth = 120;

    public static bool IsLive(TextWriter output) => ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;

    public static IAnsiConsole For(TextWriter output)
    {
        bool live = IsLive(output);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = live ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = live ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = live ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!live) console.Profile.Width = PlainWidth;
        return console;
    }
}
