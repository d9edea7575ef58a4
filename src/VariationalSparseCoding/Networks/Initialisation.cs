using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Networks;

/// <summary>Initial parameters from counter-based random numbers, so that they depend on the seed alone.</summary>
internal static class Initialisation
{
    /// <summary>Numbers of the first parameters of a prior's classifier and of its pseudo-inputs, beyond those of any inference network.</summary>
    public const uint ClassifierNumber = 1 << 16, PseudoInputsNumber = 1 << 17;

    private const double HeadWeightShare = 0.01;

    /// <summary>PyTorch's default of linear layers: weights and biases uniform in (-1/sqrt(fan_in), 1/sqrt(fan_in)) (SPEC section 2).</summary>
    /// <param name="layers">The layers, in order of creation.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="number">Number of the first parameter; parameters of equal numbers start equal.</param>
    public static void UniformByFanIn(IEnumerable<TorchSharp.Modules.Linear> layers, ulong seed, uint number = 1)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var layer in layers)
        {
            double bound = 1 / Math.Sqrt(layer.weight!.shape[1]);
            foreach (var parameter in new[] { layer.weight, layer.bias! })
                parameter.copy_((Uniform(new(seed, NoisePurpose.Initialisation, number++), parameter) * 2 - 1) * bound);
        }
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
            layer.weight!.mul_(HeadWeightShare);
            layer.bias!.copy_(member[head]);
        }
    }

    /// <summary>A dictionary of normal atoms, each scaled to a norm (SPEC section 2.4).</summary>
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
        return (normal / normal.norm(0, keepdim: true) * norm).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Normal pseudo-inputs of unit variance (SPEC section 2.5).</summary>
    /// <param name="count">K.</param>
    /// <param name="inputSize">D.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="type">float32 or float64.</param>
    /// <returns>u, [K, D].</returns>
    public static Tensor PseudoInputs(int count, int inputSize, ulong seed, ScalarType type) =>
        Normal(new(seed, NoisePurpose.Initialisation, PseudoInputsNumber), count, inputSize, type);

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
