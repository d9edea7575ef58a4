namespace VariationalSparseCoding.MapInference;

/// <summary>
/// ISTA and FISTA: z+ = soft(y + A^T(x - A y) / L, lambda / L), L &gt;= sigma_max(A)^2, with y = z (ISTA) or
/// y = z + (t_prev - 1)/t (z - z_prev), t = (1 + sqrt(1 + 4 t_prev^2))/2, t_0 = 1 (FISTA; Beck and Teboulle, 2009).
/// An iteration is one such step. The start is 0.
/// </summary>
/// <param name="isAccelerated">Whether it is FISTA.</param>
internal sealed class ProximalGradientSolver(bool isAccelerated) : SampleSolver
{
    protected override Func<LassoSample, MapStopReason> Create(LassoProblem problem) => new ProximalIteration(problem, isAccelerated).Run;
}
