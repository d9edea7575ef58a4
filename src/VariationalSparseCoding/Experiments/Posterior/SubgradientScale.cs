namespace VariationalSparseCoding.Experiments;

/// <summary>The noise scale of the Laplacian under the subgradient estimator.</summary>
public enum SubgradientScale
{
    /// <summary>w b, as in the straight-through estimator.</summary>
    Scale,
    /// <summary>b squared and no warm-up, as the published code computes (docs/mathematics.md section 9, row 6).</summary>
    SquaredScale,
}
