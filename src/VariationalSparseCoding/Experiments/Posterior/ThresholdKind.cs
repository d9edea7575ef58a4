namespace VariationalSparseCoding.Experiments;

/// <summary>What the base samples are thresholded with.</summary>
public enum ThresholdKind
{
    /// <summary>Samples are used as they are.</summary>
    None,
    /// <summary>One threshold for every feature.</summary>
    Fixed,
    /// <summary>A threshold per input and feature with a Gamma posterior and prior.</summary>
    Gamma,
}
