using VariationalSparseCoding.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Networks;

/// <summary>Forward and backward pass of an <see cref="InferenceNetwork"/> on the CPU, into memory that is taken once: no graph and no allocation. The network stays the owner of the parameters.</summary>
internal interface IFusedEncoder : IDisposable
{
    /// <summary>x, [B, D], to be set before <see cref="Forward"/>.</summary>
    Tensor Input { get; }

    /// <summary>The heads' outputs after <see cref="Forward"/>, [B, d] each.</summary>
    HeadTensors Outputs { get; }

    /// <summary>Where dL/d(head) is written before <see cref="Backward"/>, [B, d] each.</summary>
    HeadTensors OutputGradients { get; }

    /// <summary>The parameters' gradients after <see cref="Backward"/>: weight and bias of the backbone's layers, then of the heads.</summary>
    IReadOnlyList<Tensor> Gradients { get; }

    /// <summary>Computes <see cref="Outputs"/>.</summary>
    void Forward();

    /// <summary>Computes all gradients by layers' outputs, and then <see cref="Gradients"/>.</summary>
    void Backward();
}
