namespace VariationalSparseCoding.Experiments;

/// <summary>Whether step sizes look at the data.</summary>
public enum StepSizes
{
    /// <summary>The schedule's sizes, whatever happens: as published. A training that diverges ends in NaN.</summary>
    Fixed,

    /// <summary>
    /// The schedule's sizes at most: steps that would be too long for the batch's codes or gradients are shortened, and a training that begins to diverge goes back to
    /// its last good state and on with smaller ones (docs/mathematics.md section 5.3).
    /// </summary>
    Adaptive,
}
