namespace VariationalSparseCoding.Experiments;

/// <summary>The match of a learned threshold's Gamma prior to the fixed threshold l0: by its mean, or by the fraction of active features (docs/mathematics.md section 12).</summary>
public enum GammaPriorMatch
{
    /// <summary>Its mean, as published. It keeps more features active than a fixed l0: with shape 3, 16% (l0 = 0.25, b0 = 0.1) and 21% (l0 = 0.52, s0^2 = 0.1).</summary>
    Threshold,
    /// <summary>The fraction of features that the prior keeps active: its mean is raised until it keeps as many features active as l0.</summary>
    ActiveFraction,
}
