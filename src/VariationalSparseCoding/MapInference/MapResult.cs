using TorchSharp;

namespace VariationalSparseCoding.MapInference;

/// <summary>Why a sample's iterations ended.</summary>
public enum MapStopReason
{
    /// <summary>The relative duality gap reached its tolerance.</summary>
    Converged,

    /// <summary>The batch changed by no more than the published tolerance (<see cref="MapStopRule.Published"/>).</summary>
    RelativeChange,

    /// <summary>The iterations allowed were used up.</summary>
    MaximumIterations,

    /// <summary>No step lowers the objective any more: the tolerance is beyond the precision of the arithmetic or of the codes.</summary>
    Stalled,
}

/// <summary>MAP codes of B samples, with what is known of their quality. Disposing it disposes the codes.</summary>
/// <param name="Codes">The sparse codes z, [B, d], in the samples' precision and on their device.</param>
/// <param name="Objective">F(z) = 1/2 ||x - A z||^2 + lambda ||z||_1 of each sample, computed in float64, [B].</param>
/// <param name="Gap">The duality gap, an upper bound on F(z) - min F, of each sample, computed in float64, [B].</param>
/// <param name="Iterations">The iterations each sample took, [B].</param>
/// <param name="StopReason">Why each sample's iterations ended, [B].</param>
public sealed record MapResult(
    torch.Tensor Codes, IReadOnlyList<double> Objective, IReadOnlyList<double> Gap, IReadOnlyList<int> Iterations, IReadOnlyList<MapStopReason> StopReason)
    : IDisposable
{
    /// <summary>Whether every sample reached the relative duality gap asked for.</summary>
    public bool AllConverged => StopReason.All(reason => reason == MapStopReason.Converged);

    /// <summary>The mean of the objective over the samples; NaN without samples.</summary>
    public double MeanObjective => Objective.Count == 0 ? double.NaN : Objective.Average();

    /// <summary>The largest gap / F(z) of the samples; 0 without samples.</summary>
    public double MaximumRelativeGap => Gap.Zip(Objective, Relative).DefaultIfEmpty().Max();

    /// <inheritdoc/>
    public void Dispose() => Codes.Dispose();

    // A sample of zeros has objective and gap 0: it is solved exactly.
    internal static double Relative(double gap, double objective) => gap == 0 ? 0 : gap / objective;
}
