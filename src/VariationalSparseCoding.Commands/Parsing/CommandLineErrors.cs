using System.CommandLine;
using System.CommandLine.Parsing;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Commands.Parsing;

/// <summary>What is wrong with the words of a command line.</summary>
internal static class CommandLineErrors
{
    /// <summary>Lists the errors of a command line. An unknown word is named with the nearest known one, and its consequences are left out.</summary>
    /// <param name="parsed">The parsed command line.</param>
    public static List<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        string[] options = [.. OptionsOf(parsed.CommandResult).SelectMany(option => option.Aliases.Prepend(option.Name)).Where(name => name.StartsWith("--", StringComparison.Ordinal))];
        List<string> unknown =
        [
            .. parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).Where(token => token.Type == TokenType.Argument && LooksLikeOption(token.Value))
                .Select(token => token.Value.Split('=')[0]).Select(name => $"unknown option '{name}'{Spelling.Suggestion(name, options)}"),
        ];
        if (unknown.Count > 0) return unknown;
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count > 0)
            return [$"unknown command '{parsed.UnmatchedTokens[0]}'{Spelling.Suggestion(parsed.UnmatchedTokens[0], command.Subcommands.Select(subcommand => subcommand.Name))}"];
        return [.. parsed.Errors.Select(problem => problem.Message)];
    }

    /// <summary>Returns a command's name with those of the commands above it, as the user types them.</summary>
    /// <param name="result">The command.</param>
    public static string NameOf(CommandResult result) => result.Parent is CommandResult parent ? $"{NameOf(parent)} {result.Command.Name}" : result.Command.Name;

    private static IEnumerable<Option> OptionsOf(CommandResult result) =>
        result.Command.Options.Concat(result.Parent is CommandResult parent ? OptionsOf(parent).Where(option => option.Recursive) : []);

    // A number may be negative.
    private static bool LooksLikeOption(string word) => word is ['-', '-' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z'), ..];
}
