namespace VariationalSparseCoding.MapInference;

/// <summary>
/// An active-set method in the manner of the feature-sign search (Lee, Battle, Raina and Ng, 2006): the atoms that violate optimality
/// most enter the support with the sign of their correlation, then Newton steps on the support go to the minimum of the smooth
/// problem that the signs define; an atom whose code reaches 0 on the way leaves. F falls with every round, so that no support
/// is seen twice. Where rounding or linearly dependent atoms stop it before the tolerance, coordinate descent goes on.
/// An iteration is one Newton step (or one pass of coordinate descent).
/// </summary>
internal sealed class ActiveSetSolver : SampleSolver
{
    protected override Func<LassoSample, MapStopReason> Create(LassoProblem problem)
    {
        var search = new ActiveSetSearch();
        return search.Run;
    }
}
