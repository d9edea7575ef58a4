namespace VariationalSparseCoding.Experiments;

/// <summary>Methods with a spike times a Gaussian slab; the spread is the slab's variance, and the spikes' probability is an option of its own.</summary>
internal sealed record SpikeAndSlabMethods : MethodFamily
{
    /// <inheritdoc/>
    public override string Name => "spike-and-slab";

    /// <inheritdoc/>
    public override bool HasSpikes => true;

    /// <inheritdoc/>
    public override int PriorComponents => 100;

    /// <inheritdoc/>
    public override WarmUp WarmUp(GeneratorKind generator) => generator == GeneratorKind.Linear ? new() : new() { Start = 500 };

    /// <inheritdoc/>
    public override PosteriorOptions WithActiveFraction(PosteriorOptions options, double fraction) => options with { SpikePrior = fraction };
}
