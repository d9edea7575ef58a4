using static TorchSharp.torch;

namespace VariationalSparseCoding.Networks;

/// <summary>The map from codes to samples.</summary>
internal abstract class Generator : IDisposable
{
    /// <summary>Every parameter by its name; the tensors are the generator's own.</summary>
    public abstract IEnumerable<(string Name, Tensor Value)> Parameters { get; }

    /// <summary>Reconstructions, [..., D], of codes [..., d]; gradients flow.</summary>
    /// <param name="codes">z.</param>
    public abstract Tensor Decode(Tensor codes);

    /// <summary>(1/D)||x - xhat||^2 of each code, [B, J], without gradients: what the selection of a sample asks for.</summary>
    /// <param name="inputs">x, [B, D].</param>
    /// <param name="codes">z, [B, J, d].</param>
    public virtual Tensor SquaredErrors(Tensor inputs, Tensor codes) => (inputs.unsqueeze(1) - Decode(codes)).square().mean([-1]);

    /// <summary>Sets whether batch normalisation takes the statistics of its batch and learns the running ones.</summary>
    /// <param name="isTraining">Whether it does.</param>
    public virtual void Train(bool isTraining) { }

    public abstract void Dispose();
}
