using TorchSharp.Modules;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace VariationalSparseCoding.Reproduction.Features;

/// <summary>Two convolutions of 4 x 4 pixels and stride 2, each followed by ReLU, a layer of 128 ReLU features and a linear layer of 10 scores.</summary>
internal sealed class FashionClassifierNetwork : IDisposable
{
    public const int Side = 28, Pixels = Side * Side, Features = 128, Classes = 10;

    private const int Channels1 = 32, Channels2 = 64, Kernel = 4, FanIn1 = Kernel * Kernel, FanIn2 = Channels1 * Kernel * Kernel, Inputs = Channels2 * (Side / 4) * (Side / 4);
    private const string ConvolutionWeight1 = "convolution1.weight", ConvolutionBias1 = "convolution1.bias", ConvolutionWeight2 = "convolution2.weight", ConvolutionBias2 = "convolution2.bias";
    private const string FeatureWeight = "features.weight", FeatureBias = "features.bias", ScoreWeight = "scores.weight", ScoreBias = "scores.bias";

    private static readonly (string Name, long[] Shape, int FanIn)[] Layout =
    [
        (ConvolutionWeight1, [Channels1, 1, Kernel, Kernel], FanIn1), (ConvolutionBias1, [Channels1], FanIn1),
        (ConvolutionWeight2, [Channels2, Channels1, Kernel, Kernel], FanIn2), (ConvolutionBias2, [Channels2], FanIn2),
        (FeatureWeight, [Features, Inputs], Inputs), (FeatureBias, [Features], Inputs),
        (ScoreWeight, [Classes, Features], Features), (ScoreBias, [Classes], Features),
    ];

    private FashionClassifierNetwork(Dictionary<string, Tensor> parameters) => Parameters = parameters;

    /// <summary>Weights and biases by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Parameters { get; }

    /// <summary>A network that can be trained, its parameters uniform in (-1/sqrt(fan_in), 1/sqrt(fan_in)).</summary>
    public static FashionClassifierNetwork Create(ulong seed)
    {
        var parameters = new Dictionary<string, Tensor>();
        foreach (var (name, shape, fanIn) in Layout)
        {
            var key = new NoiseKey(seed, NoisePurpose.Initialisation, (uint)parameters.Count);
            float bound = 1 / MathF.Sqrt(fanIn);
            var parameter = empty(shape, ScalarType.Float32);
            var values = parameter.Span<float>();
            CounterNoise.FillUniform(key, 0, 0, 1, 1, values.Length, values);
            foreach (ref float value in values) value = (2 * value - 1) * bound;
            parameters.Add(name, new Parameter(parameter).DetachFromDisposeScope());
        }
        return new(parameters);
    }

    /// <summary>The network of saved parameters; null if they are another network's. Takes the tensors.</summary>
    public static FashionClassifierNetwork? From(Dictionary<string, Tensor> parameters)
    {
        if (parameters.Count != Layout.Length || !Layout.All(layer => parameters.TryGetValue(layer.Name, out var tensor) && tensor.dtype == ScalarType.Float32 && tensor.shape.SequenceEqual(layer.Shape)))
            return null;
        foreach (var tensor in parameters.Values) tensor.DetachFromDisposeScope();
        return new(parameters);
    }

    /// <summary>Images, [B, 784], as the network's input, [B, 1, 28, 28].</summary>
    public static Tensor Input(ReadOnlySpan<float> images)
    {
        var input = empty([images.Length / Pixels, 1, Side, Side], ScalarType.Float32);
        images.CopyTo(input.Span<float>());
        return input;
    }

    /// <summary>The features of images, [B, 128].</summary>
    /// <param name="input">Images, [B, 1, 28, 28].</param>
    public Tensor ToFeatures(Tensor input)
    {
        Tensor first = relu(conv2d(input, Parameters[ConvolutionWeight1], Parameters[ConvolutionBias1], strides: [2, 2], padding: [1, 1]));
        Tensor second = relu(conv2d(first, Parameters[ConvolutionWeight2], Parameters[ConvolutionBias2], strides: [2, 2], padding: [1, 1]));
        return relu(linear(second.flatten(1), Parameters[FeatureWeight], Parameters[FeatureBias]));
    }

    /// <summary>The scores of the classes, [B, 10].</summary>
    /// <param name="features">Features, [B, 128].</param>
    public Tensor ToScores(Tensor features) => linear(features, Parameters[ScoreWeight], Parameters[ScoreBias]);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Parameters.Values) tensor.Dispose();
    }
}
