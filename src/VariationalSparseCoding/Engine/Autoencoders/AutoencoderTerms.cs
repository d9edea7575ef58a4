namespace VariationalSparseCoding.Engine;

/// <summary>What the loss of a batch was made of, and how its codes are.</summary>
/// <param name="Loss">The training loss, a mean over samples and values.</param>
/// <param name="SquaredError">The squared error, a mean over samples and values.</param>
/// <param name="ExplainedVariance">1 less the squared error over the batch's variance.</param>
/// <param name="Active">Active features of a sample, a mean.</param>
/// <param name="Dead">Features that have been silent for long.</param>
internal readonly record struct AutoencoderTerms(double Loss, double SquaredError, double ExplainedVariance, double Active, double Dead)
{
    /// <summary>The names under which the terms are logged, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = ["loss", "squared_error", "explained_variance", "active", "dead"];

    /// <summary>The terms, in the order of <see cref="Names"/>.</summary>
    public IReadOnlyList<double> Values => [Loss, SquaredError, ExplainedVariance, Active, Dead];
}
