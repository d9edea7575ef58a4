namespace VariationalSparseCoding.Experiments;

/// <summary>The annealed quantities of a training step (docs/mathematics.md section 3.6).</summary>
/// <param name="NoiseScale">w, the warm-up of the noise scale, in [0, 1].</param>
/// <param name="Temperature">tau, the temperature of relaxed spikes, above 0.</param>
/// <param name="ClassifierTemperature">The temperature of the relaxed choice of a prior's component, above 0; it moves gradients only.</param>
/// <param name="KlShare">What multiplies the KL's weight beta, in [0, 1].</param>
internal readonly record struct AnnealedWeights(double NoiseScale, double Temperature, double ClassifierTemperature = 1, double KlShare = 1)
{
    /// <summary>The state in which models are evaluated: the warm-up over, spikes hardly relaxed (docs/mathematics.md section 3.6).</summary>
    public static AnnealedWeights Evaluation { get; } = new(1, 0.01);
}
