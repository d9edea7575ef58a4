namespace VariationalSparseCoding.Experiments;

/// <summary>The ingredients of importance weights.</summary>
public enum ImportanceWeights
{
    /// <summary>p(x|z) p(z) / q(z|x) on the thresholded code: the IWAE bound (docs/mathematics.md section 6.2).</summary>
    Bound,
    /// <summary>The softmax of the negative losses, with the gradient through it, as the published code computes (docs/mathematics.md section 9, row 15).</summary>
    SoftmaxOfLoss,
}
