using System.CommandLine;
using System.CommandLine.Parsing;

namespace VariationalSparseCoding.Commands.Parsing;

/// <summary>An option or argument that names a file or folder, or data by its name or path.</summary>
internal interface INamesPath;

/// <summary>An option that names one path.</summary>
/// <param name="name">The option.</param>
/// <param name="aliases">Its other names.</param>
internal sealed class PathOption(string name, params string[] aliases) : Option<string?>(name, aliases), INamesPath;

/// <summary>An argument that names one path.</summary>
/// <param name="name">The argument.</param>
internal sealed class PathArgument(string name) : Argument<string?>(name), INamesPath;

/// <summary>An argument that names several paths.</summary>
/// <param name="name">The argument.</param>
internal sealed class PathsArgument(string name) : Argument<string[]>(name), INamesPath;

/// <summary>A check of the paths of a command line.</summary>
internal static class PathSymbols
{
    /// <summary>Returns the name of the first path that is empty, as that of a shell variable that is not set, or null.</summary>
    /// <param name="parsed">The parsed command line.</param>
    public static string? Empty(ParseResult parsed) =>
        parsed.CommandResult.Children.Where(child => child.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value))).Select(child => child switch
        {
            OptionResult { Option: INamesPath } option => option.Option.Name,
            ArgumentResult { Argument: INamesPath } argument => argument.Argument.Name,
            _ => null,
        }).FirstOrDefault(name => name is not null);
}
