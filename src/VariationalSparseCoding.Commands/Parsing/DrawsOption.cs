using System.CommandLine;
using System.CommandLine.Parsing;

namespace VariationalSparseCoding.Commands.Parsing;

/// <summary>The number J of draws. Version 0.1 called the option --samples.</summary>
internal static class DrawsOption
{
    private const string Name = "--draws", FormerName = "--samples";

    /// <summary>Creates the option.</summary>
    /// <typeparam name="T">The type of its value.</typeparam>
    /// <param name="description">Its help.</param>
    public static Option<T> Create<T>(string description) =>
        new(Name, FormerName) { Description = $"{description} ({FormerName}: its former name)", HelpName = "J" };

    /// <summary>Whether a command line calls the option by its former name.</summary>
    /// <param name="parsed">The parsed command line.</param>
    public static bool IsCalledByItsFormerName(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<OptionResult>().Any(option => option.Option.Name == Name && option.IdentifierToken?.Value == FormerName);
}
