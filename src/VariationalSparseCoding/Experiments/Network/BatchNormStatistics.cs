namespace VariationalSparseCoding.Experiments;

/// <summary>The draws from which a convolutional generator's batch normalisation takes its statistics while it is trained (docs/mathematics.md section 2.3).</summary>
public enum BatchNormStatistics
{
    /// <summary>All B J draws, also those that are not selected, as published: all J are differentiated.</summary>
    All,
    /// <summary>The selected draws: the others are screened without gradients.</summary>
    Selected,
}
