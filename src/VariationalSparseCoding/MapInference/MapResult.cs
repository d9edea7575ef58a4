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

    /// <summary>No step lowers the objective any more: the tolerance is beyond the precision of the arithmetic, which is float64.</summary>
    Stalled,
}

/// <summary>MAP codes of B samples, with what is known of their quality.</summary>
public sealed class MapResult
{
    // Of F(0), below which float64 does not resolve differences of F, being of relative precision 1e-16.
    private const double ResolvedShare = 1e-12;
    private readonly SampleOutcome[] outcomes;

    internal MapResult(float[] codes, SampleOutcome[] outcomes)
    {
        this.outcomes = outcomes;
        Codes = codes;
        Objective = Array.ConvertAll(outcomes, outcome => outcome.Objective);
        Gap = Array.ConvertAll(outcomes, outcome => outcome.Gap);
        RoundedGap = Array.ConvertAll(outcomes, outcome => outcome.RoundedGap);
        Iterations = Array.ConvertAll(outcomes, outcome => outcome.Iterations);
        StopReason = Array.ConvertAll(outcomes, outcome => outcome.Reason);
    }

    /// <summary>The sparse codes z, row after row, [B, d].</summary>
    public float[] Codes { get; }

    /// <summary>F(z) = 1/2 ||x - A z||^2 + lambda ||z||_1 of each sample in float64, before its code is rounded to float32, [B].</summary>
    public IReadOnlyList<double> Objective { get; }

    /// <summary>The duality gap, an upper bound on F(z) - min F, of each sample in float64, before its code is rounded to float32, [B].</summary>
    public IReadOnlyList<double> Gap { get; }

    /// <summary>The duality gap of each code as it is in <see cref="Codes"/>, [B]. Where lambda is small, the rounding to float32 alone may raise it above the tolerance, without raising the objective visibly.</summary>
    public IReadOnlyList<double> RoundedGap { get; }

    /// <summary>The iterations each sample took, [B].</summary>
    public IReadOnlyList<int> Iterations { get; }

    /// <summary>Why each sample's iterations ended, [B].</summary>
    public IReadOnlyList<MapStopReason> StopReason { get; }

    /// <summary>Whether every sample reached the relative duality gap asked for.</summary>
    public bool AllConverged => StopReason.All(reason => reason == MapStopReason.Converged);

    /// <summary>The mean of the objective over the samples; NaN without samples.</summary>
    public double MeanObjective => Objective.Count == 0 ? double.NaN : Objective.Average();

    /// <summary>The largest gap / F(z) of the samples; 0 without samples.</summary>
    public double MaximumRelativeGap => Gap.Zip(Objective, Relative).DefaultIfEmpty().Max();

    /// <summary>The codes before they were rounded to float32, [B, d]; null where the samples were float32 and the codes were found as such.</summary>
    internal double[]? ExactCodes { get; init; }

    /// <summary>
    /// The codes, of which none may be given out that is not the optimum: within the gap asked for, or within a 1e-12th of F(0), where a dictionary so large or a lambda so
    /// small that F almost vanishes leaves nothing else to float64.
    /// </summary>
    /// <param name="firstRow">The row of the first sample, for the message.</param>
    /// <exception cref="InvalidInputException">A sample has not reached the gap asked for.</exception>
    internal float[] Optimal(int firstRow = 0)
    {
        int row = Array.FindIndex(outcomes, outcome => outcome.Reason != MapStopReason.Converged && !(outcome.Gap <= ResolvedShare * outcome.ZeroObjective));
        if (row < 0) return Codes;
        throw new InvalidInputException(FormattableString.Invariant(
            $"row {firstRow + row}: the optimum was not reached; the relative duality gap stayed at {Relative(Gap[row], Objective[row]):G2} where 1e-6 is promised. A larger lambda is easier; a number of refining steps needs no optimum."));
    }

    // A sample of zeros has objective and gap 0: it is solved exactly.
    private static double Relative(double gap, double objective) => gap == 0 ? 0 : gap / objective;
}
