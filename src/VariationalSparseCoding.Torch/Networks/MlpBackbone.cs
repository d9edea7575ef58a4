using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Networks;

/// <summary>The inference network of vectors, D-2D-4D-2D-D or narrower, with a ReLU after each of its four layers (docs/mathematics.md section 2.1, Table 3).</summary>
internal sealed class MlpBackbone : Backbone
{
    private readonly TorchSharp.Modules.Sequential enc;

    /// <summary>Creates the network with its default initial parameters.</summary>
    /// <param name="sizes">The units of each layer, D first; the last is the number of features.</param>
    /// <param name="type">float32 or float64.</param>
    public MlpBackbone(int[] sizes, ScalarType type = ScalarType.Float32) : base(nameof(MlpBackbone), sizes[^1])
    {
        Layers = [.. sizes.Zip(sizes.Skip(1), (inputs, outputs) => nn.Linear(inputs, outputs, dtype: type))];
        enc = nn.Sequential(Layers.SelectMany(layer => new nn.Module<Tensor, Tensor>[] { layer, nn.ReLU() }));
        RegisterComponents();
    }

    /// <summary>The four linear layers.</summary>
    public IReadOnlyList<TorchSharp.Modules.Linear> Layers { get; }

    public override uint Initialise(ulong seed, uint number) => Initialisation.UniformByFanIn(Layers, seed, number);

    /// <summary>Features [B, D] of inputs [B, D].</summary>
    /// <param name="input">The inputs.</param>
    public override Tensor forward(Tensor input) => enc.forward(input);
}
