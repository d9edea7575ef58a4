namespace VariationalSparseCoding.Objectives;

/// <summary>What the loss of a batch was made of.</summary>
/// <param name="Loss">The training loss.</param>
/// <param name="SquaredError">The weighted squared error, mean over the values of a sample.</param>
/// <param name="Divergence">The KL, not weighted by beta.</param>
/// <param name="ActiveFraction">The fraction of active features in the codes that were differentiated.</param>
internal readonly record struct StepTerms(double Loss, double SquaredError, double Divergence, double ActiveFraction)
{
    /// <summary>The names under which the terms are logged, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = ["loss", "squared_error", "kl", "active_fraction"];

    /// <summary>The terms, in the order of <see cref="Names"/>.</summary>
    public IReadOnlyList<double> Values => [Loss, SquaredError, Divergence, ActiveFraction];
}
