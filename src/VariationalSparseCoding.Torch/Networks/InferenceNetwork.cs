using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Torch.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Networks;

/// <summary>A backbone and one linear head for each parameter of the posterior (docs/mathematics.md section 2.1).</summary>
internal sealed class InferenceNetwork : nn.Module<Tensor, HeadTensors>
{
    private readonly Backbone backbone;
    private readonly TorchSharp.Modules.ModuleDict<TorchSharp.Modules.Linear> layers;

    /// <summary>Creates a network with the backbone of vectors; its parameters depend on the seed alone.</summary>
    /// <param name="inputSize">D.</param>
    /// <param name="atoms">d.</param>
    /// <param name="heads">The posterior's heads, in order of creation.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="type">float32 or float64.</param>
    public InferenceNetwork(int inputSize, int atoms, IReadOnlyList<Head> heads, ulong seed, ScalarType type = ScalarType.Float32)
        : this(new MlpBackbone(new NetworkOptions().Units(inputSize), type), atoms, heads, seed)
    {
    }

    /// <summary>Creates a network on a backbone, which it initialises and owns; its parameters depend on the seed alone.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="atoms">d.</param>
    /// <param name="heads">The posterior's heads, in order of creation.</param>
    /// <param name="seed">The run's seed.</param>
    public InferenceNetwork(Backbone backbone, int atoms, IReadOnlyList<Head> heads, ulong seed) : base(nameof(InferenceNetwork))
    {
        Heads = heads;
        this.backbone = backbone;
        var type = backbone.parameters().First().dtype;
        layers = nn.ModuleDict([.. heads.Select(head => (Name(head), nn.Linear(backbone.FeatureCount, atoms, dtype: type)))]);
        RegisterComponents();
        Initialisation.UniformByFanIn(HeadLayers, seed, backbone.Initialise(seed, Initialisation.NetworkNumber));
    }

    /// <summary>What the heads stand on.</summary>
    public Backbone Backbone => backbone;

    /// <summary>The linear layers of the backbone of vectors, each followed by a ReLU; other backbones have none.</summary>
    public IReadOnlyList<TorchSharp.Modules.Linear> BackboneLayers => backbone is MlpBackbone vectors ? vectors.Layers : [];

    /// <summary>The heads, in order of creation.</summary>
    public IReadOnlyList<Head> Heads { get; }

    /// <summary>The linear layer of each head, in order of creation.</summary>
    public IReadOnlyList<TorchSharp.Modules.Linear> HeadLayers => [.. Heads.Select(head => layers[Name(head)])];

    /// <summary>The heads' outputs [B, d] for inputs [B, D].</summary>
    /// <param name="input">The inputs.</param>
    public override HeadTensors forward(Tensor input)
    {
        var features = backbone.forward(input);
        return HeadTensors.From(Heads, head => layers[Name(head)].forward(features));
    }

    private static string Name(Head head) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(head.ToString());
}
