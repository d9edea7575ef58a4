using System.CommandLine;

namespace VariationalSparseCoding.Cli.Tests.Helpers;

/// <summary>All commands of the program, and their options and arguments.</summary>
internal static class CommandTree
{
    /// <summary>Every command that can be run, with the words that call it.</summary>
    public static IEnumerable<(string[] Words, Command Command)> All => Below([], Tool.Commands().Root);

    /// <summary>The options and arguments of all commands, with the words that call the command.</summary>
    public static IEnumerable<(string[] Words, Command Command, Symbol Symbol)> Symbols =>
        All.SelectMany(entry => entry.Command.Arguments.Concat<Symbol>(entry.Command.Options).Select(symbol => (entry.Words, entry.Command, symbol)));

    /// <summary>A command line in which one option or argument has a value, and all that must be given are there.</summary>
    public static string[] Line(string[] words, Command command, Symbol symbol, string value)
    {
        List<string> line = [.. words];
        int last = symbol is Argument wanted ? command.Arguments.IndexOf(wanted) : -1;
        for (int i = 0; i < command.Arguments.Count; i++)
            if (i <= last || command.Arguments[i].Arity.MinimumNumberOfValues > 0) line.Add(i == last ? value : "x");
        foreach (var option in command.Options.Where(option => option.Required && option != symbol)) line.AddRange([option.Name, "x"]);
        if (symbol is Option given) line.AddRange([given.Name, value]);
        return [.. line];
    }

    private static IEnumerable<(string[], Command)> Below(string[] words, Command command) =>
        command.Subcommands.SelectMany(inner => Below([.. words, inner.Name], inner)).Concat(command.Action is null ? [] : [(words, command)]);
}
