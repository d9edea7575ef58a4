namespace VariationalSparseCoding.Experiments;

/// <summary>The threshold of draws from the base distribution.</summary>
internal enum ThresholdKind
{
    /// <summary>Draws are used as they are.</summary>
    None,
    /// <summary>One threshold for every feature.</summary>
    Fixed,
    /// <summary>A threshold per sample and feature with a Gamma posterior and prior.</summary>
    Gamma,
}
