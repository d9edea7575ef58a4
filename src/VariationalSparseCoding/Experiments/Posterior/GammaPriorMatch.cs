namespace VariationalSparseCoding.Experiments;

/// <summary>What a learned threshold's Gamma prior has in common with the fixed threshold l0 (SPEC section 12).</summary>
public enum GammaPriorMatch
{
    /// <summary>Its mean, as published. It keeps more features active than a fixed l0: with shape 3, 16% (l0 = 0.25, b0 = 0.1) and 21% (l0 = 0.52, s0^2 = 0.1).</summary>
    Threshold,
    /// <summary>The fraction of features that the prior keeps active: its mean is raised to <see cref="GammaPrior.MeanOfEqualActivity"/>.</summary>
    ActiveFraction,
}
