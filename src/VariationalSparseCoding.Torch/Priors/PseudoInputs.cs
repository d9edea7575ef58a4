using TorchSharp.Modules;
using VariationalSparseCoding.Torch.Networks;
using VariationalSparseCoding.Torch.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Priors;

/// <summary>
/// K trainable inputs whose posteriors are the components of a prior (Tomczak and Welling, "VAE with a VampPrior", 2018). They reach the components
/// through the inference network, whatever its backbone.
/// </summary>
internal sealed class PseudoInputs : IDisposable
{
    // Bounds the memory of densities without gradients, in elements.
    private const int LargestTensor = 1 << 22;

    private readonly Posterior posterior;
    private readonly InferenceNetwork network;

    /// <summary>Creates the pseudo-inputs and takes ownership of their values.</summary>
    /// <param name="posterior">The variational family.</param>
    /// <param name="network">The inference network, which stays the caller's.</param>
    /// <param name="values">u, [K, D].</param>
    public PseudoInputs(Posterior posterior, InferenceNetwork network, Tensor values)
    {
        this.posterior = posterior;
        this.network = network;
        Values = new Parameter(values).DetachFromDisposeScope();
    }

    /// <summary>u, [K, D].</summary>
    public Tensor Values { get; private set; }

    /// <summary>Moves the values to a device.</summary>
    /// <param name="device">The device.</param>
    public void To(Device device)
    {
        using var old = Values;
        Values = new Parameter(old.detach().to(device)).DetachFromDisposeScope();
    }

    /// <summary>The parameters of the components, [K, d] each; those of thresholds are the fixed prior's, scalars.</summary>
    public HeadTensors Components()
    {
        var thresholds = posterior.FixedPrior;
        return Posteriors() with { LogShape = thresholds.LogShape, LogRate = thresholds.LogRate };
    }

    // Batch normalisation keeps to the statistics of the data: those of pseudo-inputs would mix into what evaluation uses.
    private HeadTensors Posteriors()
    {
        bool isTraining = network.training;
        network.eval();
        try
        {
            return network.forward(Values);
        }
        finally
        {
            network.train(isTraining);
        }
    }

    /// <summary>log density of drawn latent variables under each component, jointly over features, [K, B, J].</summary>
    /// <param name="density">The draws' density.</param>
    /// <param name="components">The components, [K, d] each.</param>
    public static Tensor LogDensities(LogDensity density, HeadTensors components)
    {
        long count = components.Shift.shape[0];
        if (is_grad_enabled()) return Of(0, count);
        // Without gradients nothing has to be kept, so a few components at a time are enough, whatever K is.
        List<Tensor> parts = [Of(0, 1)];
        long width = Math.Max(1, LargestTensor / (parts[0].numel() * components.Shift.shape[1]));
        for (long start = 1; start < count; start += width) parts.Add(Of(start, Math.Min(width, count - start)));
        return cat(parts, 0);

        Tensor Of(long start, long length)
        {
            using var scope = NewDisposeScope();
            return density(components.MapRows(rows => rows.narrow(0, start, length).view(length, 1, 1, -1)))
                .sum(-1).MoveToOuterDisposeScope();
        }
    }

    public void Dispose() => Values.Dispose();
}
