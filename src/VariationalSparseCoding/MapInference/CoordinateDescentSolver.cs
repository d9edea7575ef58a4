using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.MapInference;

/// <summary>
/// Cyclic coordinate descent on the Gram matrix (Friedman, Hastie and Tibshirani, 2010): z_j = soft(z_j G_jj + c_j, lambda) / G_jj for
/// each atom in turn, c being kept up to date. A pass over all atoms, after which the gap is looked at, is followed by passes over
/// the support only. An iteration is one pass.
/// </summary>
internal sealed class CoordinateDescentSolver : SampleSolver
{
    private const int SupportPasses = 9;

    protected override Func<LassoSample, MapStopReason> Create(LassoProblem problem) => Run;

    /// <summary>Goes on from the sample's present codes.</summary>
    public static MapStopReason Run(LassoSample sample)
    {
        sample.Certify();
        while (true)
        {
            if (sample.Converged) return MapStopReason.Converged;
            for (int pass = 0; pass <= SupportPasses; pass++)
            {
                if (sample.Iterations == sample.MaximumIterations)
                {
                    sample.Certify();
                    return sample.Converged ? MapStopReason.Converged : MapStopReason.MaximumIterations;
                }
                sample.Iterations++;
                Pass(sample, supportOnly: pass > 0);
            }
            sample.Certify();
            if (!sample.Converged && sample.Stalled) return MapStopReason.Stalled;
        }
    }

    private static void Pass(LassoSample sample, bool supportOnly)
    {
        var codes = sample.Codes;
        var correlations = sample.Correlations;
        for (int atom = 0; atom < codes.Length; atom++)
        {
            double old = codes[atom];
            if (supportOnly && old == 0) continue;
            if (old == 0 && Math.Abs(correlations[atom]) <= sample.Lambda) continue;
            var row = sample.Gram.Row(atom);
            double squaredNorm = row[atom];
            if (squaredNorm == 0) continue;
            double free = old * squaredNorm + correlations[atom];
            double updated = Math.CopySign(Math.Max(0, Math.Abs(free) - sample.Lambda), free) / squaredNorm;
            if (updated == old) continue;
            codes[atom] = updated;
            LassoKernels.AddScaled(correlations, row, old - updated);
        }
    }
}
