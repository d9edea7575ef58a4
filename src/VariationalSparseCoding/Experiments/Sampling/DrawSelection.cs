namespace VariationalSparseCoding.Experiments;

/// <summary>How the J draws of a sample are combined (docs/mathematics.md section 4).</summary>
public enum DrawSelection
{
    /// <summary>The draw with the lowest loss: eq. (9).</summary>
    Max,
    /// <summary>All draws alike: eq. (7).</summary>
    Average,
    /// <summary>Importance weights (Burda et al., 2016).</summary>
    Iwae,
}
