namespace VariationalSparseCoding.Data;

/// <summary>How many samples a source has.</summary>
/// <param name="Train">Samples of its training part; all of them if the source does not come divided.</param>
/// <param name="Validation">Samples of its validation part; null if training and validation samples are drawn from the same ones.</param>
internal readonly record struct SampleCount(long Train, long? Validation = null)
{
    /// <summary>All samples.</summary>
    public long Total => Train + (Validation ?? 0);
}
