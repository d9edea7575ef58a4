namespace VariationalSparseCoding.Experiments;

/// <summary>The number format of the inference network's matrix products; weights, losses, noise and sums stay in float32.</summary>
public enum ComputePrecision
{
    /// <summary>float32.</summary>
    Fp32,
    /// <summary>bfloat16, on processors that multiply it.</summary>
    Bf16,
}
