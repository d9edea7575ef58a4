using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Experiments;

/// <summary>Methods with a Laplacian base distribution; its spread is the scale b0.</summary>
internal sealed record LaplacianMethods : MethodFamily
{
    /// <inheritdoc/>
    public override string Name => "laplacian";

    /// <inheritdoc/>
    public override bool LosesNoise => true;

    /// <inheritdoc/>
    public override double Threshold(GeneratorKind generator) => generator == GeneratorKind.Linear ? 0.25 : 0.23;

    /// <inheritdoc/>
    public override WarmUp WarmUp(GeneratorKind generator) => generator == GeneratorKind.Linear ? new() : base.WarmUp(generator);

    /// <inheritdoc/>
    public override double SpreadOf(double variance) => Math.Sqrt(variance / 2);

    /// <inheritdoc/>
    public override double LaplaceScale(double spread) => spread;

    /// <summary>A threshold l0 leaves exp(-l0/b0) active.</summary>
    /// <inheritdoc/>
    public override PosteriorOptions WithActiveFraction(PosteriorOptions options, double fraction) => options with { ThresholdValue = -options.PriorSpread * Math.Log(fraction) };

    /// <summary>m = alpha0 b0 (f^(-1/alpha0) - 1) with f = exp(-l0/b0).</summary>
    /// <inheritdoc/>
    public override double MeanThreshold(double priorSpread, double priorShape, double threshold) =>
        priorShape * priorSpread * SpecialFunctions.ExpM1(threshold / (priorShape * priorSpread));
}
