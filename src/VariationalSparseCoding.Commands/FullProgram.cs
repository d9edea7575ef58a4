namespace VariationalSparseCoding.Commands;

/// <summary>The program that has every command, and how users of the smaller one are pointed to it.</summary>
internal static class FullProgram
{
    /// <summary>Its name as the user types it.</summary>
    public const string Name = "vsc-full";

    /// <summary>The package that installs it.</summary>
    public const string Package = "VariationalSparseCoding.Tool.Full";

    /// <summary>Says that it has something, and where to get it.</summary>
    /// <param name="what">The beginning of the sentence, such as "'bench' is a command".</param>
    public static string Has(string what) => $"{what} of {Name}: install {Package}.";
}
