using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Networks;

/// <summary>The map from codes to samples, p(x|z).</summary>
internal abstract class Generator : IDisposable
{
    /// <summary>Every parameter by its name, in the order of creation; the tensors are the generator's own.</summary>
    public abstract IEnumerable<(string Name, Tensor Value)> Parameters { get; }

    /// <summary>What is learned without a gradient, by its name: the running statistics of batch normalisation. The tensors are the generator's own.</summary>
    public abstract IEnumerable<(string Name, Tensor Value)> Buffers { get; }

    /// <summary>Reconstructions [..., D] of codes [..., d].</summary>
    /// <param name="codes">z.</param>
    public abstract Tensor Decode(Tensor codes);

    /// <summary>(1/D)||x - xhat||^2 of each code, [B, J]: what the selection of a sample asks for, without gradients.</summary>
    /// <param name="inputs">x, [B, D].</param>
    /// <param name="codes">z, [B, J, d].</param>
    public virtual Tensor SquaredErrors(Tensor inputs, Tensor codes) => (inputs.unsqueeze(1) - Decode(codes)).Squared().mean([-1]);

    /// <summary>Moves parameters and buffers.</summary>
    /// <param name="device">Where to.</param>
    public abstract void To(Device device);

    /// <summary>Sets what batch normalisation takes its statistics from.</summary>
    /// <param name="training">True: the codes that are decoded, which also move the running statistics. False: the running statistics.</param>
    public abstract void Train(bool training);

    public abstract void Dispose();
}
