namespace VariationalSparseCoding.Experiments;

/// <summary>The prior of the codes (docs/mathematics.md sections 2.5 and 3.7). The Gamma prior of learned thresholds is not part of it and stays as it is.</summary>
public sealed record PriorOptions
{
    /// <summary>The kind of prior. The spread and spike probability of the fixed one are the posterior section's.</summary>
    public PriorKind Kind { get; init; } = PriorKind.Fixed;

    /// <summary>Number of pseudo-inputs K of 'vamp' and 'clf', each of the size of a sample. From 1 to 100,000; 500, or 100 for spike-and-slab, as the authors used. The time of a step grows as batch x draws x K x atoms under 'vamp', and as batch x K x atoms under 'clf'; so does its memory, except for draws that are only compared.</summary>
    public int Components { get; init; } = 500;

    internal void Validate(Errors errors, Method method)
    {
        errors.Named("prior.kind", Kind);
        errors.Check(Kind == PriorKind.Fixed || method.IsVariational, "prior.kind", $"method '{method.Name}' has no prior: leave it out");
        errors.Check(Components is >= 1 and <= 100_000, "prior.components", $"must lie between 1 and 100000, not {Components}");
    }
}
