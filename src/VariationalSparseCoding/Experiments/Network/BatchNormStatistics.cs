namespace VariationalSparseCoding.Experiments;

/// <summary>What a deep generator's batch normalisation takes its statistics from while it is trained (SPEC section 2.3).</summary>
public enum BatchNormStatistics
{
    /// <summary>All B J samples, also those that are not selected, as published: all J are differentiated.</summary>
    All,
    /// <summary>The selected samples: the others are screened without gradients.</summary>
    Selected,
}
