namespace VariationalSparseCoding.MapInference;

/// <summary>
/// An active-set method in the manner of the feature-sign search (Lee, Battle, Raina and Ng, 2006): the atoms that violate optimality
/// most enter the support with the sign of their correlation, then Newton steps on the support go to the minimum of the smooth
/// problem that the signs define; an atom whose code reaches 0 on the way leaves, and one in the span of the support takes the place of another.
/// F falls with every round, so that no support is seen twice. Where atoms are nearly dependent they would come and go many times: there the homotopy path is followed
/// instead, as it is where rounding stops the search. An iteration is one Newton step (or one piece of the path).
/// </summary>
internal sealed class ActiveSetSolver : SampleSolver
{
    // Steps beside one for each dimension: of patches of 256 values with 30 atoms in the support most take fewer than 60.
    private const int SpareSteps = 16;

    protected override Func<LassoSample, MapStopReason> Create(LassoProblem problem)
    {
        var search = new ActiveSetSearch(new SupportInverse());
        int rank = Math.Min(problem.InputSize, problem.Atoms);
        // Where half as many atoms as there are dimensions correlate almost alike, most would have to leave again.
        var limits = new ActiveSetLimits(rank + SpareSteps, (rank + 1) / 2);
        Func<LassoSample, MapStopReason>? homotopy = null;
        return sample =>
        {
            var reason = search.Run(sample, limits);
            if (reason == MapStopReason.Converged || sample.Iterations >= sample.MaximumIterations) return reason;
            homotopy ??= HomotopySolver.Create(problem, search);
            return homotopy(sample);
        };
    }
}
