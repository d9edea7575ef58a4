using static TorchSharp.torch;

namespace VariationalSparseCoding.Networks;

/// <summary>The network that picks a prior's component for an input: the inference network's backbone again, and one linear head (SPEC section 2.5).</summary>
internal sealed class ComponentClassifier : nn.Module<Tensor, Tensor>
{
    private readonly MlpBackbone backbone;
    private readonly TorchSharp.Modules.Linear logits;

    /// <summary>Creates the network; its parameters depend on the seed alone.</summary>
    /// <param name="inputSize">D.</param>
    /// <param name="components">K.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="type">float32 or float64.</param>
    public ComponentClassifier(int inputSize, int components, ulong seed, ScalarType type = ScalarType.Float32) : base(nameof(ComponentClassifier))
    {
        backbone = new(inputSize, type);
        logits = nn.Linear(inputSize, components, dtype: type);
        RegisterComponents();
        Initialisation.UniformByFanIn([.. backbone.Layers, logits], seed, Initialisation.ClassifierNumber);
    }

    /// <summary>Logits [B, K] for inputs [B, D].</summary>
    /// <param name="input">The inputs.</param>
    public override Tensor forward(Tensor input) => logits.forward(backbone.forward(input));
}
