namespace VariationalSparseCoding.Experiments;

/// <summary>How J samples of an input are combined (SPEC section 4).</summary>
public enum SampleSelection
{
    /// <summary>The sample with the lowest loss: eq. (9).</summary>
    Max,
    /// <summary>All samples alike: eq. (7).</summary>
    Average,
    /// <summary>Importance weights (Burda et al., 2016).</summary>
    Iwae,
}
