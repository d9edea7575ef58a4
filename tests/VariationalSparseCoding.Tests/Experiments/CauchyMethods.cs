using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Tests.Experiments;

/// <summary>Methods with a Cauchy base distribution, the sparse prior of Olshausen and Field (1996) with its penalty log(1 + (z/g0)^2); its spread is the scale g0.</summary>
internal sealed record CauchyMethods : MethodFamily
{
    public override string Name => "cauchy";

    public override bool LosesNoise => true;

    /// <summary>Leaves a tenth of the features of the default prior active, as the other families' thresholds do.</summary>
    public override double Threshold(GeneratorKind generator) => 0.63;

    public override WarmUp WarmUp(GeneratorKind generator) => new();

    // A Cauchy distribution has no variance. Half of its values lie within its scale, as half of a Gaussian's lie within 0.6745 deviations and half of a Laplacian's within log 2 scales.
    public override double SpreadOf(double variance) => 0.6745 * Math.Sqrt(variance);

    public override double LaplaceScale(double spread) => spread / Math.Log(2);

    /// <summary>A threshold l0 leaves (2/pi) atan(g0/l0) active.</summary>
    public override PosteriorOptions WithActiveFraction(PosteriorOptions options, double fraction) => options with { ThresholdValue = options.PriorSpread / Math.Tan(Math.PI * fraction / 2) };
}
