namespace VariationalSparseCoding.Experiments;

/// <summary>Derivative of a thresholded draw by its shift under the straight-through estimator.</summary>
public enum ShiftGradient
{
    /// <summary>1, as eq. (4) says.</summary>
    One,
    /// <summary>2 on active features and 1 elsewhere, as the published code computes (docs/mathematics.md section 9, row 5).</summary>
    OnePlusActive,
}
