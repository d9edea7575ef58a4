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
    /// <summary>A threshold per feature that is learned; around zero only.</summary>
    Learned,
    /// <summary>One per sample, which as many features exceed as are to be active; around zero only.</summary>
    Sample,
    /// <summary>One per batch, which as many features exceed as are to be active on average; around zero only.</summary>
    Batch,
}
