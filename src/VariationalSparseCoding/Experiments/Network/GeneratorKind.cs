namespace VariationalSparseCoding.Experiments;

/// <summary>The map from codes to samples.</summary>
public enum GeneratorKind
{
    /// <summary>A dictionary, x = A z: the paper's section 4.1.</summary>
    Linear,
    /// <summary>Transposed convolutions, for images of 28 x 28 or 64 x 64: the paper's section 4.2.</summary>
    Convolutional,
}
