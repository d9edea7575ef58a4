namespace VariationalSparseCoding.Training;

/// <summary>
/// Training stopped because it diverged: with fixed step sizes a loss became NaN or infinite, with adaptive ones going back with smaller steps did not help.
/// The last checkpoint was written before.
/// </summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which term, at which step, and what to do.</param>
    public TrainingDivergedException(string message) : base(message) { }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">Which term, at which step, and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public TrainingDivergedException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates the exception without a message; prefer another constructor.</summary>
    public TrainingDivergedException() { }
}
