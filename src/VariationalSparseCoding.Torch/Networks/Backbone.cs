using VariationalSparseCoding.Experiments;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Networks;

/// <summary>The body of an inference network: features [B, F] of samples [B, D].</summary>
/// <param name="name">The module's name.</param>
/// <param name="featureCount">F.</param>
internal abstract class Backbone(string name, int featureCount) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>F, the number of features.</summary>
    public int FeatureCount { get; } = featureCount;

    /// <summary>Sets the initial parameters, which depend on the seed and their numbers alone.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="number">Number of the first parameter.</param>
    /// <returns>The number after the last parameter's.</returns>
    public abstract uint Initialise(ulong seed, uint number);

    /// <summary>Creates a backbone, not yet initialised.</summary>
    /// <param name="options">Which, and how wide.</param>
    /// <param name="inputSize">D.</param>
    /// <param name="shape">The shape of the samples, where they are images.</param>
    /// <param name="type">float32 or float64.</param>
    /// <param name="precision">What convolutions compute in while they are trained.</param>
    /// <exception cref="InvalidInputException">The backbone cannot see samples of this shape.</exception>
    public static Backbone Create(NetworkOptions options, int inputSize, ImageShape? shape, ScalarType type = ScalarType.Float32, ComputePrecision precision = ComputePrecision.Fp32) => options.Backbone switch
    {
        BackboneKind.Mlp => new MlpBackbone(options.Units(inputSize), type),
        _ when shape is null => throw new InvalidInputException($"The backbone {options.Backbone} sees images, but the samples are vectors of {inputSize} values: use the backbone {BackboneKind.Mlp}."),
        BackboneKind.Convolutional => new ConvolutionalBackbone(shape.Value, type, precision),
        _ => new ResNet18Backbone(shape.Value, type, precision),
    };
}
