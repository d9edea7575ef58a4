namespace VariationalSparseCoding.Experiments;

/// <summary>The inference network (docs/mathematics.md sections 2.1 and 2.2).</summary>
public sealed record NetworkOptions
{
    // Of the layers of the backbone of vectors, in D.
    private static readonly int[] Widths = [2, 4, 2, 1];

    /// <summary>The body before the heads: 'mlp' with a linear generator, else 'convolutional' or 'resnet18'.</summary>
    public BackboneKind Backbone { get; init; } = BackboneKind.Mlp;

    /// <summary>
    /// The most units of a layer of the backbone of vectors, whose layers have 2D, 4D, 2D and D otherwise; 0: no limit, as in the paper. Without one the network has 20 D^2 weights,
    /// 500 million for D = 5,000.
    /// </summary>
    public int MostUnits { get; init; }

    /// <summary>
    /// Whether an autoencoder's encoder sees samples without the offset c that is added to A z again (docs/mathematics.md section 13). False only for imported ones. Default: true.
    /// </summary>
    public bool Centred { get; init; } = true;

    /// <summary>The layers' units of the backbone of vectors, from the samples' D values on.</summary>
    /// <param name="dimension">D.</param>
    internal int[] Units(int dimension) =>
        [dimension, .. Widths.Select(factor => MostUnits > 0 ? (int)Math.Min((long)factor * dimension, MostUnits) : checked(factor * dimension))];
}
