using TorchSharp.Modules;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Torch.Posteriors;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Networks;

/// <summary>Initial parameters from counter-based random numbers, so that they depend on the seed alone.</summary>
internal static class Initialisation
{
    /// <summary>Numbers of the first parameters of the inference network, of a prior's classifier, of its pseudo-inputs and of a deep generator; the dictionary's is 0.</summary>
    public const uint NetworkNumber = 1, ClassifierNumber = 1 << 16, PseudoInputsNumber = 1 << 17, GeneratorNumber = 1 << 18;

    private const double HeadWeightShare = 0.01;

    /// <summary>
    /// PyTorch's defaults (docs/mathematics.md section 2). Linear layers and convolutions: weights and biases uniform in (-1/sqrt(fan_in), 1/sqrt(fan_in)), where fan_in is what a
    /// weight's first index holds: the inputs of an output, and of a transposed convolution its outputs k k. Batch normalisation: weight 1, bias 0.
    /// </summary>
    /// <param name="layers">The layers, in order of creation; those without parameters stay as they are.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="number">Number of the first parameter; parameters of equal numbers start equal.</param>
    /// <returns>The number after the last parameter's.</returns>
    public static uint UniformByFanIn(IEnumerable<nn.Module> layers, ulong seed, uint number)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var layer in layers)
        {
            if (layer is BatchNorm2d normalisation) number = Identity(normalisation, number);
            else number = Uniform([.. layer.parameters()], seed, number);
        }
        return number;
    }

    /// <summary>torchvision's defaults of residual networks: the weights of convolutions normal of variance 2 / (outputs k k), no biases; batch normalisation: weight 1, bias 0.</summary>
    /// <param name="layers">Convolutions and batch normalisations, in order of creation.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="number">Number of the first parameter; parameters of equal numbers start equal.</param>
    /// <returns>The number after the last parameter's.</returns>
    public static uint NormalByFanOut(IEnumerable<nn.Module> layers, ulong seed, uint number)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var layer in layers)
        {
            if (layer is BatchNorm2d normalisation) number = Identity(normalisation, number);
            else
            {
                var weight = ((Conv2d)layer).weight!;
                int outputs = (int)weight.shape[0], inputs = (int)(weight.numel() / outputs);
                double variance = 2.0 / (outputs * weight.shape[2] * weight.shape[3]);
                weight.copy_(Normal(new(seed, NoisePurpose.Initialisation, number++), outputs, inputs, weight.dtype).Times(Math.Sqrt(variance)).reshape(weight.shape));
            }
        }
        return number;
    }

    /// <summary>Scales the heads' weights down and sets their biases, so that every input's parameters begin near those of one family member.</summary>
    /// <param name="network">The network.</param>
    /// <param name="member">The member's parameters, scalars.</param>
    public static void HeadsNear(InferenceNetwork network, HeadTensors member)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (head, layer) in network.Heads.Zip(network.HeadLayers))
        {
            layer.weight!.mul_(HeadWeightShare.Number());
            layer.bias!.copy_(member[head]);
        }
    }

    /// <summary>A dictionary of normal atoms, each scaled to a norm (docs/mathematics.md section 2.4).</summary>
    /// <param name="inputSize">D.</param>
    /// <param name="atoms">d.</param>
    /// <param name="norm">The norm of each atom.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="type">float32 or float64.</param>
    /// <returns>The dictionary, [D, d].</returns>
    public static Tensor Dictionary(int inputSize, int atoms, double norm, ulong seed, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var normal = Normal(new(seed, NoisePurpose.Initialisation, 0), inputSize, atoms, type);
        return (normal / normal.norm(0, keepdim: true)).Times(norm).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Normal pseudo-inputs of unit variance (docs/mathematics.md section 2.5).</summary>
    /// <param name="count">K.</param>
    /// <param name="inputSize">D.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="type">float32 or float64.</param>
    /// <returns>u, [K, D].</returns>
    public static Tensor PseudoInputs(int count, int inputSize, ulong seed, ScalarType type) =>
        Normal(new(seed, NoisePurpose.Initialisation, PseudoInputsNumber), count, inputSize, type);

    private static uint Uniform(IReadOnlyList<Tensor> parameters, ulong seed, uint number)
    {
        if (parameters.Count == 0) return number;
        double bound = 1 / Math.Sqrt(parameters[0].numel() / parameters[0].shape[0]);
        foreach (var parameter in parameters) parameter.copy_(Uniform(new(seed, NoisePurpose.Initialisation, number++), parameter).Times(2).Minus(1).Times(bound));
        return number;
    }

    private static uint Identity(BatchNorm2d normalisation, uint number)
    {
        normalisation.weight!.fill_(1.0.Number());
        normalisation.bias!.fill_(0.0.Number());
        return number + 2;
    }

    private static Tensor Normal(NoiseKey key, int rows, int columns, ScalarType type) => TensorMemory.Filled([rows, columns], type, CPU,
        span => CounterNoise.FillNormal(key, 0, 0, rows, 1, columns, span),
        span => CounterNoise.FillNormal(key, 0, 0, rows, 1, columns, span));

    private static Tensor Uniform(NoiseKey key, Tensor like)
    {
        int columns = (int)like.shape[^1], rows = (int)(like.numel() / columns);
        return TensorMemory.Filled(like.shape, like.dtype, CPU,
            span => CounterNoise.FillUniform(key, 0, 0, rows, 1, columns, span),
            span => CounterNoise.FillUniform(key, 0, 0, rows, 1, columns, span));
    }
}
