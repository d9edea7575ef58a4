using VariationalSparseCoding.Experiments;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Objectives;

/// <summary>How the J samples of an input become one loss (SPEC section 4).</summary>
internal static class Selection
{
    /// <summary>The index of the sample with the lowest loss, eq. (9), [B].</summary>
    /// <param name="losses">l_kj, [B, J].</param>
    public static Tensor Best(Tensor losses) => losses.argmin(1);

    /// <summary>The weights w_kj, which sum to 1 for each input; gradients flow through importance weights. [B, J].</summary>
    /// <param name="losses">l_kj, [B, J].</param>
    /// <param name="selection">How samples are combined.</param>
    public static Tensor Weights(Tensor losses, SampleSelection selection) => selection switch
    {
        SampleSelection.Max => nn.functional.one_hot(Best(losses), losses.shape[1]).to(losses.dtype),
        SampleSelection.Average => full_like(losses, 1.0 / losses.shape[1]),
        _ => (-losses).softmax(1),
    };

    /// <summary>mean_k sum_j w_kj l_kj.</summary>
    /// <param name="losses">l_kj, [B, J].</param>
    /// <param name="weights">w_kj, [B, J].</param>
    public static Tensor Loss(Tensor losses, Tensor weights) => (weights * losses).sum(1).mean();
}
