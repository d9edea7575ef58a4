namespace VariationalSparseCoding.MapInference;

/// <summary>
/// Homotopy (Osborne, Presnell and Turlach, 2000; the lasso variant of LARS, Efron et al., 2004): the optimal code is piecewise linear
/// in lambda; its breakpoints, where an atom enters or leaves the support, are followed from max|A^T x|, where it is 0, down to the
/// lambda asked for. An iteration is one piece. The path always begins at 0: initial codes are not used. Where ties or linearly
/// dependent atoms end the path early, the active-set search goes on from there, and where that stalls, coordinate descent.
/// </summary>
internal sealed class HomotopySolver : SampleSolver
{
    /// <summary>Makes what solves one loaded sample, whatever its codes.</summary>
    public static Func<LassoSample, MapStopReason> Create()
    {
        var path = new HomotopyPath();
        var search = new ActiveSetSearch();
        return sample =>
        {
            path.Follow(sample);
            var reason = search.Run(sample);
            return reason == MapStopReason.Stalled ? CoordinateDescentSolver.Run(sample) : reason;
        };
    }

    protected override Func<LassoSample, MapStopReason> Create(LassoProblem problem) => Create();
}
