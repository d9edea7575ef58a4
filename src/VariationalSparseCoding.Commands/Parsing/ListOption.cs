using System.CommandLine;

namespace VariationalSparseCoding.Commands.Parsing;

/// <summary>An option that takes a list. All lists are written alike: values joined by commas, or the option repeated, or both.</summary>
/// <param name="name">The option.</param>
internal sealed class ListOption(string name) : Option<string[]>(name)
{
    /// <summary>Returns the values of the list, in the order in which they were given; none if the option was not given and has no default.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <exception cref="InvalidInputException">A value is empty.</exception>
    public IReadOnlyList<string> Values(ParseResult parsed) => [.. (parsed.GetValue(this) ?? []).SelectMany(Split)];

    /// <summary>The refusal of a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="problem">What is wrong with it.</param>
    public InvalidInputException Refuse(string value, string problem) => new($"{Name} {value}: {problem}");

    private string[] Split(string text)
    {
        string[] values = text.Split(',', StringSplitOptions.TrimEntries);
        return values.Contains("") ? throw Refuse(text, "a value is empty; join values by commas, such as a,b.") : values;
    }
}
