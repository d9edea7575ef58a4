namespace VariationalSparseCoding.Experiments;

/// <summary>The inference network (docs/mathematics.md sections 2.1 and 2.2).</summary>
public sealed record NetworkOptions
{
    /// <summary>The body before the heads: 'mlp' with a linear generator, else 'convolutional' or 'resnet18'.</summary>
    public BackboneKind Backbone { get; init; } = BackboneKind.Mlp;
}
