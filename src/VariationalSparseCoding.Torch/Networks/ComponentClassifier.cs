using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Networks;

/// <summary>The network that picks a prior's component for an input: the inference network's backbone again, and one linear head (docs/mathematics.md section 2.5).</summary>
internal sealed class ComponentClassifier : nn.Module<Tensor, Tensor>
{
    private readonly Backbone backbone;
    private readonly TorchSharp.Modules.Linear logits;

    /// <summary>Creates a classifier on a backbone, which it initialises and owns; its parameters depend on the seed alone.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="components">K.</param>
    /// <param name="seed">The run's seed.</param>
    public ComponentClassifier(Backbone backbone, int components, ulong seed) : base(nameof(ComponentClassifier))
    {
        this.backbone = backbone;
        logits = nn.Linear(backbone.FeatureCount, components, dtype: backbone.parameters().First().dtype);
        RegisterComponents();
        Initialisation.UniformByFanIn([logits], seed, backbone.Initialise(seed, Initialisation.ClassifierNumber));
    }

    /// <summary>Logits [B, K] for inputs [B, D].</summary>
    /// <param name="input">The inputs.</param>
    public override Tensor forward(Tensor input) => logits.forward(backbone.forward(input));
}
