using System.Globalization;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Cli.Full;

/// <summary>The values of lists of methods and of seeds.</summary>
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
}
