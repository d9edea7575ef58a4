namespace VariationalSparseCoding;

/// <summary>
/// The caller's input cannot be used: a missing or malformed file, an option out of range, data without variance.
/// The message is one line that names the input, what is wrong with it and what to do. The command line exits with 2.
/// </summary>
public sealed class InvalidInputException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One line: which input, what is wrong with it, what to do.</param>
    /// <param name="innerException">The failure that revealed it, if any.</param>
    public InvalidInputException(string message, Exception? innerException = null) : base(message, innerException) { }

    /// <summary>Creates the exception without a message; prefer the other constructor.</summary>
    public InvalidInputException() { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">One line: which input, what is wrong with it, what to do.</param>
    public InvalidInputException(string message) : base(message) { }

    /// <summary>What helps, for front ends that offer it.</summary>
    internal Remedy Remedy { get; init; }

    /// <summary>What <see cref="Remedy"/> is about: a folder, or what needs something.</summary>
    internal string Subject { get; init; } = "";
}
