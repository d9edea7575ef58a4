using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.MapInference;

/// <summary>The steps of ISTA or FISTA, with the memory they need; one serves a thread for all its samples.</summary>
/// <param name="problem">The dictionary.</param>
/// <param name="isAccelerated">Whether it is FISTA.</param>
internal sealed class ProximalIteration(LassoProblem problem, bool isAccelerated)
{
    // Steps from one look at the gap to the next, which costs about as much as a step.
    private const int CheckInterval = 10;
    private readonly double step = 1 / problem.SquaredSpectralNorm;
    private readonly AlignedVector state = new(ProximalRow<double>.StateVectors * problem.Gram.Stride);
    private readonly int[] support = new int[problem.Gram.Stride];
    private readonly double[] momenta = new double[CheckInterval], unused = new double[CheckInterval];

    /// <summary>Goes on from the sample's present codes.</summary>
    /// <param name="sample">The sample.</param>
    public MapStopReason Run(LassoSample sample)
    {
        var row = new ProximalRow<double>
        {
            Atoms = problem.Atoms,
            Gram = problem.Gram.Rows,
            Projections = sample.Projections,
            State = state.Span,
            Step = step,
            Threshold = sample.Lambda * step,
            Support = support,
        };
        row.Begin(sample.PaddedCodes);
        var momentum = new FistaMomentum();
        for (int present = 0; ;)
        {
            int left = sample.MaximumIterations - sample.Iterations, count = Math.Min(CheckInterval, left);
            if (left == 0 || sample.HasTolerance)
            {
                row.Codes(present).CopyTo(sample.PaddedCodes);
                if (sample.Certifies) sample.Certify();
                if (sample.HasTolerance && sample.Converged) return MapStopReason.Converged;
                if (left == 0) return MapStopReason.MaximumIterations;
            }
            for (int i = 0; isAccelerated && i < count; i++) momenta[i] = momentum.Next();
            row.Iterate(present, momenta.AsSpan(0, count), unused, unused, isLast: count == left);
            present ^= count & 1;
            sample.Iterations += count;
        }
    }
}
