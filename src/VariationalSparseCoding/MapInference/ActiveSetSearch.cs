using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.MapInference;

/// <summary>The active-set search, with the memory it needs; one serves a thread for all its samples.</summary>
internal sealed class ActiveSetSearch
{
    // An atom enters when its correlation exceeds this part of the way from lambda to the largest. All violators together would fill
    // the support with atoms that have to leave again; one at a time, each would take a pass over the Gram matrix. 0.7 was fastest
    // on image patches with 2 to 30 atoms in the support.
    private const double EntryFraction = 0.7;
    private readonly SupportInverse support = new();
    private double[] signs = [];
    private int[] candidates = [];
    private Memory<double> slope, direction;

    /// <summary>Goes on from the sample's present codes.</summary>
    public MapStopReason Run(LassoSample sample)
    {
        Prepare(sample);
        sample.Certify();
        while (!sample.Converged)
        {
            double before = sample.Objective;
            AddViolators(sample);
            if (!Descend(sample))
            {
                sample.Certify();
                return sample.Converged ? MapStopReason.Converged : MapStopReason.MaximumIterations;
            }
            sample.Certify();
            // Each round lowers the objective, or the supports might repeat.
            if (!sample.Converged && sample.Objective >= before) return CoordinateDescentSolver.Run(sample);
        }
        return MapStopReason.Converged;
    }

    private void Prepare(LassoSample sample)
    {
        if (candidates.Length < sample.Gram.Stride)
        {
            candidates = new int[sample.Gram.Stride];
            signs = new double[sample.Gram.Stride];
            (slope, direction) = (LassoKernels.Allocate(sample.Gram.Stride), LassoKernels.Allocate(sample.Gram.Stride));
        }
        support.Clear();
        for (int atom = 0; atom < sample.Codes.Length; atom++)
        {
            if (sample.Codes[atom] == 0) continue;
            if (support.TryAdd(atom, sample.Gram)) signs[support.Count - 1] = Math.Sign(sample.Codes[atom]);
            else sample.Codes[atom] = 0;
        }
    }

    private void AddViolators(LassoSample sample)
    {
        var c = sample.Correlations;
        double excess = LassoKernels.MaximumAbsolute(c) - sample.Lambda;
        int count = LassoKernels.IndicesAbove(c, sample.Lambda + EntryFraction * Math.Max(0, excess), candidates);
        foreach (int atom in candidates.AsSpan(0, count))
        {
            if (sample.Codes[atom] == 0 && support.TryAdd(atom, sample.Gram)) signs[support.Count - 1] = Math.Sign(c[atom]);
        }
    }

    /// <summary>Newton steps to the minimum on the support; false when the iterations are used up.</summary>
    private bool Descend(LassoSample sample)
    {
        var negativeSlope = slope.Span;
        negativeSlope.Clear();
        for (int k = 0; k < support.Count; k++) negativeSlope[k] = sample.Correlations[support.Atoms[k]] - sample.Lambda * signs[k];
        while (support.Count > 0)
        {
            if (sample.Iterations == sample.MaximumIterations) return false;
            sample.Iterations++;
            int width = LassoKernels.PaddedLength(support.Count);
            var step = direction.Span[..width];
            support.Multiply(negativeSlope[..width], step);
            var (length, blocking) = LongestStep(sample, step);
            for (int k = 0; k < support.Count; k++) sample.Codes[support.Atoms[k]] += length * step[k];
            if (blocking < 0) break;

            // On the support the correlations change by -length G step = -length slope.
            for (int k = 0; k < support.Count; k++) negativeSlope[k] *= 1 - length;
            Leave(sample, blocking);
        }
        return true;
    }

    private (double Length, int Blocking) LongestStep(LassoSample sample, ReadOnlySpan<double> step)
    {
        double length = 1;
        int blocking = -1;
        for (int k = 0; k < support.Count; k++)
        {
            double code = sample.Codes[support.Atoms[k]];
            if ((code + step[k]) * signs[k] >= 0) continue;
            double limit = -code / step[k];
            if (blocking >= 0 && limit >= length) continue;
            (length, blocking) = (limit, k);
        }
        return (length, blocking);
    }

    private void Leave(LassoSample sample, int position)
    {
        int last = support.Count - 1;
        sample.Codes[support.Atoms[position]] = 0;
        support.RemoveAt(position);
        signs[position] = signs[last];
        slope.Span[position] = slope.Span[last];
        slope.Span[last] = 0;
    }
}
