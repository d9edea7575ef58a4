using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;

namespace VariationalSparseCoding.Engine;

/// <summary>Forward and backward pass of an inference network over batches of one size.</summary>
internal interface IEncoderPass : IDisposable
{
    /// <summary>The heads' outputs, [B, d] each, after <see cref="Forward"/>.</summary>
    HeadMatrices Outputs { get; }

    /// <summary>Where dL/d(output) is written before <see cref="Backward"/>, [B, d] each.</summary>
    HeadMatrices OutputGradients { get; }

    /// <summary>The gradient of each parameter, in the order of <see cref="Networks.DenseNetwork.Parameters"/>, after <see cref="Backward"/>.</summary>
    IReadOnlyList<FloatMatrix> Gradients { get; }

    /// <summary>Computes the outputs.</summary>
    /// <param name="x">The batch, [B, D].</param>
    void Forward(ReadOnlySpan<float> x);

    /// <summary>Computes the gradients of the parameters, for the batch of the last <see cref="Forward"/>.</summary>
    void Backward();
}
