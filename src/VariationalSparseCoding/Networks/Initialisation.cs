using VariationalSparseCoding.Kernels;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Networks;

/// <summary>Initial parameters from counter-based random numbers, so that they depend on the seed alone.</summary>
internal static class Initialisation
{
    /// <summary>PyTorch's default of linear layers: weights and biases uniform in (-1/sqrt(fan_in), 1/sqrt(fan_in)) (SPEC section 2).</summary>
    /// <param name="layers">The layers, in order of creation.</param>
    /// <param name="seed">The run's seed.</param>
    public static void UniformByFanIn(IEnumerable<TorchSharp.Modules.Linear> layers, ulong seed)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        uint number = 1;
        foreach (var layer in layers)
        {
            double bound = 1 / Math.Sqrt(layer.weight!.shape[1]);
            foreach (var parameter in new[] { layer.weight, layer.bias! })
                parameter.copy_((Uniform(new(seed, NoisePurpose.Initialisation, number++), parameter) * 2 - 1) * bound);
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
        var key = new NoiseKey(seed, NoisePurpose.Initialisation, 0);
        var normal = TensorMemory.Filled([inputSize, atoms], type, CPU,
            span => CounterNoise.FillNormal(key, 0, 0, inputSize, 1, atoms, span),
            span => CounterNoise.FillNormal(key, 0, 0, inputSize, 1, atoms, span));
        return (normal / normal.norm(0, keepdim: true) * norm).contiguous().MoveToOuterDisposeScope();
    }

    private static Tensor Uniform(NoiseKey key, Tensor like)
    {
        int columns = (int)like.shape[^1], rows = (int)(like.numel() / columns);
        return TensorMemory.Filled(like.shape, like.dtype, CPU,
            span => CounterNoise.FillUniform(key, 0, 0, rows, 1, columns, span),
            span => CounterNoise.FillUniform(key, 0, 0, rows, 1, columns, span));
    }
}
