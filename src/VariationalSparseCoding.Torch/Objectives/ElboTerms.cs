using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Objectives;

/// <summary>The terms of the training loss (docs/mathematics.md section 0, fact 1): a mean over pixels and a sum over features.</summary>
internal static class ElboTerms
{
    /// <summary>(1/D) ||x_k - xhat_kj||^2, [B, J].</summary>
    /// <param name="residuals">x_k - xhat_kj, [B, J, D].</param>
    public static Tensor Reconstruction(Tensor residuals) => residuals.Squared().mean([-1]);

    /// <summary>l_kj = (1/D)||x_k - xhat_kj||^2 + beta KL_kj, [B, J]: the negative of eq. (6) in the scale of the authors' code.</summary>
    /// <param name="reconstruction">Reconstruction errors, [B, J].</param>
    /// <param name="divergence">KL summed over features: of an input, [B], or of each of its samples, [B, J].</param>
    /// <param name="klWeight">beta.</param>
    public static Tensor Losses(Tensor reconstruction, Tensor divergence, double klWeight) =>
        reconstruction.Plus((divergence.dim() == 1 ? divergence.unsqueeze(1) : divergence).Times(klWeight));
}
