namespace VariationalSparseCoding.MapInference;

/// <summary>
/// An active-set method in the manner of the feature-sign search (Lee, Battle, Raina and Ng, 2006): the atoms that violate optimality
/// most enter the support with the sign of their correlation, then Newton steps on the support go to the minimum of the smooth
/// problem that the signs define; an atom whose code reaches 0 on the way leaves, and one in the span of the support takes the place of another.
/// F falls with every round, so that no support is seen twice. Where rounding stops it before the tolerance, the homotopy path is followed instead.
/// An iteration is one Newton step (or one piece of the path).
/// </summary>
internal sealed class ActiveSetSolver : SampleSolver
{
    protected override Func<LassoSample, MapStopReason> Create(LassoProblem problem)
    {
        var search = new ActiveSetSearch();
        Func<LassoSample, MapStopReason>? homotopy = null;
        return sample =>
        {
            var reason = search.Run(sample);
            if (reason != MapStopReason.Stalled) return reason;
            homotopy ??= HomotopySolver.Create();
            return homotopy(sample);
        };
    }
}
