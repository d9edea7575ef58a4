using System.Text.Json;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;

namespace VariationalSparseCoding.Networks;

/// <summary>
/// The parameters of the inference network of vectors (docs/mathematics.md section 2): D -> 2D -> 4D -> 2D -> D, or narrower, with a ReLU after each layer, then a linear head of
/// d outputs for each parameter of the posterior.
/// </summary>
internal sealed class DenseNetwork
{
    /// <summary>Creates the network with all parameters 0.</summary>
    /// <param name="sizes">The units of each layer, D first.</param>
    /// <param name="features">d.</param>
    /// <param name="heads">The heads, in order.</param>
    public DenseNetwork(int[] sizes, int features, IReadOnlyList<Head> heads)
    {
        // A layer and its ReLU are two modules of the backbone, hence the even numbers.
        Backbone = [.. sizes.Zip(sizes.Skip(1), (inputs, outputs) => (inputs, outputs)).Select((size, i) => new DenseLayer($"backbone.enc.{2 * i}", size.inputs, size.outputs))];
        Heads = heads;
        HeadLayers = [.. heads.Select(head => new DenseLayer($"layers.{JsonNamingPolicy.SnakeCaseLower.ConvertName(head.ToString())}", sizes[^1], features))];
    }

    /// <summary>The layers that a ReLU follows.</summary>
    public IReadOnlyList<DenseLayer> Backbone { get; }

    /// <summary>The heads, in order.</summary>
    public IReadOnlyList<Head> Heads { get; }

    /// <summary>The layer of each head.</summary>
    public IReadOnlyList<DenseLayer> HeadLayers { get; }

    /// <summary>Every layer, in order.</summary>
    public IEnumerable<DenseLayer> Layers => Backbone.Concat(HeadLayers);

    /// <summary>Every parameter by its name in files, in order: weights [outputs, inputs] and biases [outputs] of one layer after the other.</summary>
    public IEnumerable<(string Name, FloatMatrix Value, long[] Shape)> Parameters => Layers.SelectMany(layer => new[]
    {
        (layer.Name + ".weight", layer.Weight, new long[] { layer.Outputs, layer.Inputs }),
        (layer.Name + ".bias", layer.Bias, [layer.Outputs]),
    });
}
