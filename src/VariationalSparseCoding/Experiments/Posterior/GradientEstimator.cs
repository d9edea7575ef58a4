namespace VariationalSparseCoding.Experiments;

/// <summary>How gradients pass the threshold, or the spike.</summary>
public enum GradientEstimator
{
    /// <summary>The forward pass is thresholded (rounded), the backward pass goes round it: eq. (4).</summary>
    StraightThrough,
    /// <summary>The subgradient of the shifted soft-threshold: appendix C. Thresholded families only.</summary>
    Subgradient,
    /// <summary>The relaxed spike itself is used (Gumbel-softmax): codes are not sparse. Spike-and-slab only.</summary>
    GumbelSoftmax,
    /// <summary>The straight-through estimator averaged over draws that share their rounded spike (Paulus et al., 2021). Spike-and-slab only.</summary>
    GumbelRao,
    /// <summary>The threshold's gradient is that of the probability of exceeding it: docs/mathematics.md section 14. Thresholds around zero only.</summary>
    Probability,
}
