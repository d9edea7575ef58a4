using TorchSharp;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Training;

/// <summary>Stochastic gradient descent with Nesterov momentum, as torch.optim.SGD, in one pass over each parameter.</summary>
internal sealed class NesterovOptimiser : IDisposable
{
    private readonly IReadOnlyList<(string Name, Tensor Value)> parameters;
    private readonly Tensor[] buffers;
    private readonly double momentum;

    /// <summary>Creates the optimiser with its momentum at rest.</summary>
    /// <param name="parameters">The parameters, contiguous.</param>
    /// <param name="momentum">In [0, 1).</param>
    public NesterovOptimiser(IReadOnlyList<(string Name, Tensor Value)> parameters, double momentum)
    {
        this.parameters = parameters;
        this.momentum = momentum;
        using var _ = no_grad();
        buffers = [.. parameters.Select(p => zeros_like(p.Value).DetachFromDisposeScope())];
    }

    /// <summary>The momentum buffer of each parameter, under the parameter's name.</summary>
    public IEnumerable<(string Name, Tensor Value)> State => parameters.Zip(buffers, (p, buffer) => (p.Name, buffer));

    /// <summary>m = momentum m + g; parameter -= rate (g + momentum m).</summary>
    /// <param name="gradients">g, one for each parameter, in order.</param>
    /// <param name="learningRate">The rate of this step.</param>
    public void Step(IReadOnlyList<Tensor> gradients, double learningRate)
    {
        using var _ = no_grad();
        int threads = get_num_threads();
        for (int i = 0; i < buffers.Length; i++)
        {
            Tensor parameter = parameters[i].Value, gradient = gradients[i], buffer = buffers[i];
            if (parameter.device_type != DeviceType.CPU)
            {
                buffer.mul_(momentum).add_(gradient);
                parameter.add_(gradient, alpha: -learningRate).add_(buffer, alpha: -learningRate * momentum);
                continue;
            }
            using var contiguous = gradient.contiguous();
            if (parameter.dtype == ScalarType.Float64)
                NesterovStep.Apply(parameter.Span<double>(), contiguous.Span<double>(), buffer.Span<double>(), learningRate, momentum, threads);
            else
                NesterovStep.Apply(parameter.Span<float>(), contiguous.Span<float>(), buffer.Span<float>(), (float)learningRate, (float)momentum, threads);
        }
    }

    public void Dispose()
    {
        foreach (var buffer in buffers) buffer.Dispose();
    }
}
