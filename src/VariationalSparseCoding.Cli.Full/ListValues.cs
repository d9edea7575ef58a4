using System.CommandLine;
using System.Globalization;
using VariationalSparseCoding.Commands;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Cli.Full;

/// <summary>The values of lists of methods, seeds and numbers of active features, and the line that gave them.</summary>
internal static class ListValues
{
    /// <summary>Returns the names of methods, each once; all methods if none is named.</summary>
    /// <param name="option">The option.</param>
    /// <param name="names">Its values.</param>
    /// <exception cref="InvalidInputException">There is no such method: said before the first of them has trained for minutes.</exception>
    public static string[] Methods(ListOption option, IReadOnlyList<string> names)
    {
        string[] all = [.. MethodTable.All.Select(method => method.Name)];
        foreach (string name in names)
            if (!all.Contains(name)) throw option.Refuse(name, $"there is no such method{Spelling.Suggestion(name, all)}");
        return names.Count == 0 ? all : [.. names.Distinct()];
    }

    /// <summary>Returns the seeds, each once.</summary>
    /// <param name="option">The option.</param>
    /// <param name="words">Its values.</param>
    /// <exception cref="InvalidInputException">A value is no seed.</exception>
    public static ulong[] Seeds(ListOption option, IReadOnlyList<string> words) => [.. words.Select(word =>
        ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed : throw option.Refuse(word, "a seed is a whole number of at least 0.")).Distinct()];

    /// <summary>Returns numbers of active features, each once.</summary>
    /// <param name="option">The option.</param>
    /// <param name="words">Its values.</param>
    /// <param name="atoms">The number of atoms.</param>
    /// <exception cref="InvalidInputException">A value is no such number.</exception>
    public static int[] Active(ListOption option, IReadOnlyList<string> words, int atoms) => [.. words.Distinct().Select(word =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 && number <= atoms ? number
            : throw option.Refuse(word, $"must be a whole number from 1 to the number of atoms, {atoms}."))];

    /// <summary>Returns the command line, as a document names it.</summary>
    /// <param name="parsed">The parsed command line.</param>
    public static string Line(ParseResult parsed) => $"{FullProgram.Name} {string.Join(' ', parsed.Tokens.Select(token => token.Value))}";
}
