using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Posteriors;

/// <summary>The shifted soft-threshold T(s; l, mu) of eq. (2), in terms of the deviation s - mu.</summary>
internal static class ShiftedSoftThreshold
{
    /// <summary>The one rule of activity: |s - mu| > |l|.</summary>
    /// <param name="deviation">s - mu, [B, J, d].</param>
    /// <param name="threshold">l, broadcast to [B, J, d].</param>
    public static Tensor IsActive(Tensor deviation, Tensor threshold) => deviation.abs() > threshold.abs();

    /// <summary>mu + sign(s - mu) (|s - mu| - |l|) where active, else exactly 0: eq. (2).</summary>
    /// <param name="shift">mu, broadcast to [B, J, d].</param>
    /// <param name="deviation">s - mu, [B, J, d].</param>
    /// <param name="threshold">l, broadcast to [B, J, d].</param>
    /// <returns>z, [B, J, d].</returns>
    public static Tensor Apply(Tensor shift, Tensor deviation, Tensor threshold)
    {
        var shrunk = shift.Plus(deviation.sign() * (deviation.abs() - threshold.abs()));
        return where(IsActive(deviation, threshold), shrunk, zeros_like(shrunk));
    }
}
