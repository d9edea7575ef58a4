namespace VariationalSparseCoding.MapInference;

/// <summary>
/// Homotopy (Osborne, Presnell and Turlach, 2000; the lasso variant of LARS, Efron et al., 2004): the optimal code is piecewise linear
/// in lambda; its breakpoints, where an atom enters or leaves the support, are followed from max|A^T x|, where it is 0, down to the
/// lambda asked for. An iteration is one piece. The path always begins at 0: initial codes are not used. Where ties or linearly
/// dependent atoms end the path early, the active-set search goes on from there. Where the Gram matrix cannot tell atoms apart, the search is repeated with the
/// atoms themselves, or with lambda = 0 a least-squares problem is solved; and where that stalls, coordinate descent goes on.
/// </summary>
internal sealed class HomotopySolver : SampleSolver
{
    /// <summary>Makes what solves one loaded sample, whatever its codes.</summary>
    /// <param name="problem">The dictionary.</param>
    /// <param name="search">The search that goes on from the end of the path.</param>
    public static Func<LassoSample, MapStopReason> Create(LassoProblem problem, ActiveSetSearch search)
    {
        var path = new HomotopyPath();
        SupportFactor? factor = null;
        return sample =>
        {
            path.Follow(sample);
            var reason = search.Run(sample);
            if (reason != MapStopReason.Stalled) return reason;
            factor ??= new(problem.Packed);
            reason = sample.Lambda > 0 ? new ActiveSetSearch(factor).Run(sample) : LeastSquares.Run(sample, factor);
            return reason == MapStopReason.Stalled ? CoordinateDescentSolver.Run(sample) : reason;
        };
    }

    protected override Func<LassoSample, MapStopReason> Create(LassoProblem problem) => Create(problem, new(new SupportInverse()));
}
