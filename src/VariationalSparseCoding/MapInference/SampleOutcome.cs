namespace VariationalSparseCoding.MapInference;

/// <summary>What is known of a solved sample beside its code.</summary>
/// <param name="Objective">F(z), before z is rounded to float32.</param>
/// <param name="Gap">The duality gap of the same z.</param>
/// <param name="RoundedGap">The duality gap of the code as it is returned.</param>
/// <param name="Iterations">Iterations made.</param>
/// <param name="Reason">Why they ended.</param>
/// <param name="ZeroObjective">F(0) = 1/2 ||x||^2.</param>
internal readonly record struct SampleOutcome(double Objective, double Gap, double RoundedGap, int Iterations, MapStopReason Reason, double ZeroObjective)
{
    /// <summary>That of a sample whose squares are not finite, which cannot be solved.</summary>
    public static SampleOutcome Unusable { get; } = new(double.NaN, double.NaN, double.NaN, 0, MapStopReason.Stalled, double.NaN);
}
