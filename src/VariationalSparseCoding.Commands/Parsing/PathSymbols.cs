using System.CommandLine;
using System.CommandLine.Parsing;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Commands.Parsing;

/// <summary>An option or argument that names a file or folder, or data by its name or path.</summary>
internal interface INamesPath;

/// <summary>An option that names one path.</summary>
/// <param name="name">The option.</param>
/// <param name="aliases">Its other names.</param>
internal class PathOption(string name, params string[] aliases) : Option<string?>(name, aliases), INamesPath;

/// <summary>An option that names the one file that a command writes.</summary>
/// <param name="name">The option.</param>
/// <param name="aliases">Its other names.</param>
internal sealed class OutputOption(string name, params string[] aliases) : PathOption(name, aliases);

/// <summary>An argument that names one path.</summary>
/// <param name="name">The argument.</param>
internal sealed class PathArgument(string name) : Argument<string?>(name), INamesPath;

/// <summary>An argument that names several paths.</summary>
/// <param name="name">The argument.</param>
internal sealed class PathsArgument(string name) : Argument<string[]>(name), INamesPath;

/// <summary>Checks of the paths of a command line.</summary>
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

    /// <summary>Makes sure that the file that a command writes is neither one that it reads nor a run's own.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <exception cref="InvalidInputException">It is.</exception>
    public static void RequireOutputsOfTheirOwn(ParseResult parsed)
    {
        string[] inputs = [.. parsed.CommandResult.Children.Where(child => child is OptionResult { Option: INamesPath and not OutputOption } or ArgumentResult { Argument: INamesPath }).SelectMany(child => child.Tokens).Select(token => token.Value)];
        foreach (string output in parsed.CommandResult.Children.OfType<OptionResult>().Where(option => option.Option is OutputOption).SelectMany(option => option.Tokens).Select(token => token.Value))
        {
            RunFolder.RequireOfNoRun(output);
            // A run's folder may hold new files that are the user's; which are the run's was asked above.
            foreach (string input in inputs.Where(File.Exists)) OutputFile.RequireNotInput(output, input);
        }
    }
}
