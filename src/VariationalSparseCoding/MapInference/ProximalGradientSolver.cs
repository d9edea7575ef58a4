using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using static TorchSharp.torch;

namespace VariationalSparseCoding.MapInference;

/// <summary>
/// ISTA and FISTA: z+ = soft(y + A^T(x - A y) / L, lambda / L), L &gt;= sigma_max(A)^2, with y = z (ISTA) or
/// y = z + (t_prev - 1)/t (z - z_prev), t = (1 + sqrt(1 + 4 t_prev^2))/2, t_0 = 1 (FISTA; Beck and Teboulle, 2009).
/// An iteration is one such step. The start is 0, or A^T x under <see cref="MapStopRule.Published"/>.
/// </summary>
internal sealed class ProximalGradientSolver(bool accelerated) : BatchedSolver
{
    protected override BatchIteration Start(LassoProblem problem, Tensor x, MapOptions options, Tensor? initialCodes)
    {
        bool published = options.StopRule == MapStopRule.Published;
        if (published && !accelerated) throw new ArgumentException("The published stop rule belongs to FISTA.", nameof(options));
        return new Iteration(problem, x, options.Lambda, initialCodes, published, accelerated);
    }

    private sealed class Iteration : BatchIteration
    {
        private readonly Tensor gram;
        private readonly double step, threshold;
        private readonly bool accelerated;
        private double lastT = 1, t = 1;

        public Iteration(LassoProblem problem, Tensor x, double lambda, Tensor? initialCodes, bool startFromCorrelations, bool accelerated)
        {
            gram = problem.Gram;
            step = 1 / problem.SquaredSpectralNorm;
            threshold = lambda * step;
            this.accelerated = accelerated;
            Replace(_ =>
            {
                var projections = x.mm(problem.Dictionary);
                var codes = initialCodes?.clone() ?? (startFromCorrelations ? projections.clone() : zeros_like(projections));
                return [codes, codes, projections, projections];
            });
        }

        protected override Tensor[] Next(Tensor[] state)
        {
            var (codes, lastCodes, lastCorrelations, projections) = (state[0], state[1], state[2], state[3]);
            double momentum = (lastT - 1) / t;
            if (accelerated) (lastT, t) = (t, (1 + Math.Sqrt(1 + 4 * t * t)) / 2);
            // A^T(x - A y) is linear in y, so that the product with the Gram matrix at z serves both y and the next z.
            var correlations = Correlations(codes, projections);
            return [Shrunk(codes, correlations, lastCodes, lastCorrelations, momentum), codes, correlations, projections];
        }

        private Tensor Correlations(Tensor codes, Tensor projections)
        {
            if (!IsForKernels(codes)) return projections - codes.mm(gram);
            var correlations = empty_like(codes);
            ProximalKernels.Correlate(projections.Span<float>(), gram.Span<float>(), codes.Span<float>(), correlations.Span<float>(), (int)gram.shape[0]);
            return correlations;
        }

        private Tensor Shrunk(Tensor codes, Tensor correlations, Tensor lastCodes, Tensor lastCorrelations, double momentum)
        {
            if (!IsForKernels(codes))
                return nn.functional.softshrink(Extrapolated(codes, lastCodes, momentum).add_(Extrapolated(correlations, lastCorrelations, momentum), alpha: step), threshold);
            var next = empty_like(codes);
            ProximalKernels.Step(codes.Span<float>(), correlations.Span<float>(), lastCodes.Span<float>(), lastCorrelations.Span<float>(),
                (float)momentum, (float)step, (float)threshold, next.Span<float>());
            return next;
        }

        private static Tensor Extrapolated(Tensor now, Tensor last, double momentum) => now + momentum * (now - last);
    }
}
