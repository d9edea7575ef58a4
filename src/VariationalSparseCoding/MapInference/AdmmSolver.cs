namespace VariationalSparseCoding.MapInference;

/// <summary>
/// ADMM in scaled form (Boyd et al., 2011, section 6.4): w = (A^T A + rho I)^-1 (A^T x + rho (z - u)); z = soft(w + u, lambda / rho);
/// u = u + w - z, with the rho of <see cref="RegularisedInverse"/>. The codes are z, the sparse variable.
/// An iteration is one such round; the start is z = u = 0, or for given codes the dual they imply.
/// </summary>
internal sealed class AdmmSolver : BlockSolver
{
    protected override Action<SampleBlock> Create(LassoProblem problem, MapOptions options, bool isSinglePrecision) =>
        new AdmmIteration(problem.RegularisedInverse, new LassoSample(problem, options, isSinglePrecision)).Run;
}
