using static TorchSharp.torch;

namespace VariationalSparseCoding.MapInference;

/// <summary>
/// ADMM in scaled form (Boyd et al., 2011, section 6.4): w = (A^T A + rho I)^-1 (A^T x + rho (z - u)); z = soft(w + u, lambda / rho);
/// u = u + w - z. The codes are z, the sparse variable. rho is the mean squared norm of the atoms, so that scaling the dictionary and
/// lambda together changes nothing. An iteration is one such round; the start is z = u = 0, or for given codes the dual they imply.
/// </summary>
internal sealed class AdmmSolver : BatchedSolver
{
    protected override BatchIteration Start(LassoProblem problem, Tensor x, MapOptions options, Tensor? initialCodes)
    {
        if (options.StopRule == MapStopRule.Published) throw new ArgumentException("The published stop rule belongs to FISTA.", nameof(options));
        return new Iteration(problem, x, options.Lambda, initialCodes);
    }

    private sealed class Iteration : BatchIteration
    {
        private readonly Tensor inverse;
        private readonly double penalty, threshold;

        public Iteration(LassoProblem problem, Tensor x, double lambda, Tensor? initialCodes)
        {
            double meanSquaredNorm = problem.ExactGram.diagonal().mean().item<double>();
            penalty = meanSquaredNorm > 0 ? meanSquaredNorm : 1;
            threshold = lambda / penalty;
            inverse = linalg.inv(problem.ExactGram + penalty * eye(problem.Atoms, dtype: float64, device: x.device)).to(x.dtype);
            Replace(_ =>
            {
                var projections = x.mm(problem.Dictionary);
                if (initialCodes is null) return [zeros_like(projections), zeros_like(projections), projections];
                // At the optimum rho u = A^T(x - A z), which lambda bounds.
                var dual = (projections - initialCodes.mm(problem.Gram)).clamp(-lambda, lambda) / penalty;
                return [initialCodes.clone(), dual, projections];
            });
        }

        protected override Tensor[] Next(Tensor[] state)
        {
            var (codes, dual, projections) = (state[0], state[1], state[2]);
            var shifted = (projections + penalty * (codes - dual)).mm(inverse) + dual;
            var next = nn.functional.softshrink(shifted, threshold);
            return [next, shifted - next, projections];
        }
    }
}
