using TorchSharp;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Training;

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
        if (parameters[0].Value.device_type == DeviceType.CPU)
        {
            Tensor[] contiguous = [.. gradients.Select(gradient => gradient.contiguous())];
            int threads = get_num_threads();
            ParallelRanges.Run(threads, threads, (first, end) =>
            {
                for (int part = first; part < end; part++) StepPart(contiguous, learningRate, part, threads);
            });
            foreach (var gradient in contiguous) gradient.Dispose();
            return;
        }
        for (int i = 0; i < buffers.Length; i++)
        {
            buffers[i].mul_(momentum.Number()).add_(gradients[i], alpha: 1.0.Number());
            parameters[i].Value.add_(gradients[i], alpha: (-learningRate).Number()).add_(buffers[i], alpha: (-learningRate * momentum).Number());
        }
    }

    /// <summary>A part of <see cref="Step"/> on the CPU: the same share of every parameter. Parts may run at the same time.</summary>
    /// <param name="gradients">g, one for each parameter, in order, contiguous.</param>
    /// <param name="learningRate">The rate of this step.</param>
    /// <param name="part">The part, from 0.</param>
    /// <param name="parts">Number of parts.</param>
    private void StepPart(Tensor[] gradients, double learningRate, int part, int parts)
    {
        for (int i = 0; i < buffers.Length; i++)
        {
            if (buffers[i].dtype == ScalarType.Float64) Apply<double>(i, learningRate, momentum);
            else Apply(i, (float)learningRate, (float)momentum);
        }

        void Apply<T>(int i, T rate, T kept) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
        {
            int count = (int)buffers[i].numel(), first = (int)((long)count * part / parts), end = (int)((long)count * (part + 1) / parts);
            NesterovStep.Apply(parameters[i].Value.Span<T>()[first..end], gradients[i].Span<T>()[first..end], buffers[i].Span<T>()[first..end], rate, kept);
        }
    }

    public void Dispose()
    {
        foreach (var buffer in buffers) buffer.Dispose();
    }
}
