namespace VariationalSparseCoding.Experiments;

/// <summary>MAP inference: codes minimise the sparse-coding objective (eq. 10), and there is no posterior.</summary>
internal sealed record MapMethods : MethodFamily
{
    /// <inheritdoc/>
    public override string Name => "none";

    /// <inheritdoc/>
    public override bool IsMapInference => true;

    /// <inheritdoc/>
    public override double DictionaryPenalty => 1e-3;

    /// <inheritdoc/>
    public override WarmUp WarmUp(GeneratorKind generator) => generator == GeneratorKind.Linear ? new() { Start = 0, Increment = 1e-4 } : base.WarmUp(generator);
}
