namespace VariationalSparseCoding.Experiments;

/// <summary>The body of the inference network, before its heads.</summary>
public enum BackboneKind
{
    /// <summary>Fully connected layers D-2D-4D-2D-D (Table 3).</summary>
    Mlp,
    /// <summary>Convolutions, for images of 28 x 28 (Table 5) or 64 x 64 (Table 4).</summary>
    Convolutional,
    /// <summary>ResNet-18 without its classifier (He et al., 2016), for images of at least 32 x 32 pixels.</summary>
    Resnet18,
}
