using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Objectives;

/// <summary>How the J samples of an input become one loss (docs/mathematics.md section 4).</summary>
internal static class Selection
{
    /// <summary>The index of the sample with the lowest loss, eq. (9), [B].</summary>
    /// <param name="losses">l_kj, [B, J].</param>
    public static Tensor Best(Tensor losses) => losses.argmin(1);

    /// <summary>The weights w_kj, which sum to 1 for each input; gradients flow through importance weights. [B, J].</summary>
    /// <param name="losses">l_kj, [B, J].</param>
    /// <param name="selection">How samples are combined.</param>
    /// <param name="scale">What importance weights divide the losses by: 1 in the published code, beta for the self-normalised weights of <see cref="BoundLoss"/>.</param>
    public static Tensor Weights(Tensor losses, DrawSelection selection, double scale = 1) => selection switch
    {
        DrawSelection.Max => nn.functional.one_hot(Best(losses), losses.shape[1]).to(losses.dtype),
        DrawSelection.Average => full_like(losses, (1.0 / losses.shape[1]).Number()),
        _ => losses.Over(-scale).softmax(1),
    };

    /// <summary>mean_k sum_j w_kj l_kj.</summary>
    /// <param name="losses">l_kj, [B, J].</param>
    /// <param name="weights">w_kj, [B, J].</param>
    public static Tensor Loss(Tensor losses, Tensor weights) => (weights * losses).sum(1).mean();

    /// <summary>
    /// mean_k -beta log (1/J) sum_j w_kj: the bound of Burda et al. (2016), with w = p(x|z) p(z)/q(z|x) and the likelihood N(Az, D beta/2), under which
    /// log w_kj = -l_kj/beta - (D/2) log(pi D beta) for losses whose KL_kj is log q(z|x) - log p(z) of the code itself (docs/mathematics.md section 6.2 (ii)).
    /// </summary>
    /// <param name="losses">l_kj, [B, J].</param>
    /// <param name="klWeight">beta, above 0.</param>
    /// <param name="inputSize">D.</param>
    public static Tensor BoundLoss(Tensor losses, double klWeight, long inputSize)
    {
        double constant = Math.Log(losses.shape[1]) + LogNormaliser(inputSize, klWeight);
        return losses.Over(-klWeight).logsumexp(1).mean().Minus(constant).Times(-klWeight);
    }

    /// <summary>(D/2) log(pi D beta): what -l/beta lacks to be a log density.</summary>
    /// <param name="inputSize">D.</param>
    /// <param name="klWeight">beta, above 0.</param>
    public static double LogNormaliser(long inputSize, double klWeight) => 0.5 * inputSize * Math.Log(Math.PI * inputSize * klWeight);
}
