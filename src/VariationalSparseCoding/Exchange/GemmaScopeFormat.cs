using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Exchange;

/// <summary>The params.npz of Gemma Scope: a JumpReLU autoencoder whose encoder sees samples as they are.</summary>
internal sealed class GemmaScopeFormat : CoderFormat
{
    /// <inheritdoc/>
    public override string Name => "gemma-scope";

    /// <inheritdoc/>
    public override string Title => "Gemma Scope";

    /// <inheritdoc/>
    public override string WeightsFile => "params.npz";

    /// <inheritdoc/>
    public override string FileEnding => ".npz";

    /// <inheritdoc/>
    public override SharedCoder Read(string weights)
    {
        var tensors = new SharedTensors(weights, NpzArrays.Read(weights));
        var coder = Matrices(tensors);
        coder = coder with { Threshold = tensors.Take("threshold", coder.Features), IsCentred = false };
        tensors.RequireNoOthers("Gemma Scope's autoencoders");
        return coder;
    }
}
