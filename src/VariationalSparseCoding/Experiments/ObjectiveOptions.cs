namespace VariationalSparseCoding.Experiments;

/// <summary>The weights of the objective's terms (docs/mathematics.md sections 0, 5.1 and 6.1).</summary>
public sealed record ObjectiveOptions
{
    /// <summary>Weight beta of the KL, which is a sum over features, beside the reconstruction, which is a mean over values. From 0 to 1e6.</summary>
    public double KlWeight { get; init; } = 1e-2;

    /// <summary>Weight lambda of the 1-norm in the sparse-coding objective 1/2||x - Az||^2 + lambda ||z||_1: the MAP solvers' and the evaluation's. From 0 to 1e6.</summary>
    public double Lambda { get; init; } = 20;

    /// <summary>Weight kappa of the dictionary's penalty kappa ||A||_F^2 in training. From 0 to 1e6.</summary>
    public double DictionaryPenalty { get; init; } = 1e-4;

    internal void Validate(Errors errors)
    {
        errors.NotNegative("objective.klWeight", KlWeight);
        errors.NotNegative("objective.lambda", Lambda);
        errors.NotNegative("objective.dictionaryPenalty", DictionaryPenalty);
    }
}
