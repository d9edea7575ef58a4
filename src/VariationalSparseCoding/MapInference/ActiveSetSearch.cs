using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.MapInference;

/// <summary>The active-set search, with the memory it needs; one serves a thread for all its samples.</summary>
internal sealed class ActiveSetSearch
{
    // An atom enters when its correlation exceeds this part of the way from lambda to the largest. All violators together would fill
    // the support with atoms that have to leave again; one at a time, each would take a pass over the Gram matrix. 0.8 was fastest
    // on image patches with 2 to 30 atoms in the support.
    private const double EntryFraction = 0.8;
    private readonly SupportInverse support = new();
    private int[] candidates = [];
    private bool[] inSupport = [];
    // In the order of the support, as all vectors here: its codes and their signs, c - lambda sign(z), and the Newton step.
    private AlignedVector codes, signs, slope, direction;

    /// <summary>Goes on from the sample's present codes.</summary>
    public MapStopReason Run(LassoSample sample)
    {
        Prepare(sample);
        Certify(sample);
        while (!sample.Converged)
        {
            double before = sample.Objective;
            AddViolators(sample);
            bool minimal = Descend(sample);
            Certify(sample);
            if (sample.Converged) break;
            if (!minimal)
            {
                Publish(sample);
                return MapStopReason.MaximumIterations;
            }
            // Each round lowers the objective, or the supports might repeat.
            if (sample.Objective < before) continue;
            Publish(sample);
            return CoordinateDescentSolver.Run(sample);
        }
        Publish(sample);
        return MapStopReason.Converged;
    }

    private void Prepare(LassoSample sample)
    {
        int stride = sample.Gram.Stride;
        if (candidates.Length < stride)
        {
            (candidates, inSupport) = (new int[stride], new bool[stride]);
            (codes, signs, slope, direction) = (new(stride), new(stride), new(stride), new(stride));
        }
        foreach (int atom in support.Atoms) inSupport[atom] = false;
        support.Clear();
        int count = sample.Support(candidates);
        foreach (int atom in candidates.AsSpan(0, count)) Enter(sample, atom, sample.Codes[atom], Math.Sign(sample.Codes[atom]));
    }

    private void Certify(LassoSample sample) => sample.Certify(support.Atoms, codes.Span);

    private void Publish(LassoSample sample)
    {
        Span<double> dense = sample.Codes, held = codes.Span;
        dense.Clear();
        var atoms = support.Atoms;
        for (int k = 0; k < atoms.Length; k++) dense[atoms[k]] = held[k];
    }

    private void AddViolators(LassoSample sample)
    {
        var c = sample.Correlations;
        double excess = sample.LargestCorrelation - sample.Lambda;
        if (excess <= 0) return;
        int count = LassoKernels.IndicesAbove(c, sample.Lambda + EntryFraction * excess, candidates);
        foreach (int atom in candidates.AsSpan(0, count))
        {
            if (!inSupport[atom]) Enter(sample, atom, 0, Math.Sign(c[atom]));
        }
    }

    private void Enter(LassoSample sample, int atom, double code, double sign)
    {
        if (!support.TryAdd(atom, sample.Gram)) return;
        int last = support.Count - 1;
        (inSupport[atom], codes.Span[last], signs.Span[last]) = (true, code, sign);
    }

    /// <summary>Newton steps to the minimum on the support; false when the iterations are used up.</summary>
    private bool Descend(LassoSample sample)
    {
        int width = LassoKernels.PaddedLength(support.Count);
        Span<double> z = codes.Span[..width], s = signs.Span[..width], negativeSlope = slope.Span[..width], step = direction.Span[..width];
        var c = sample.Correlations;
        for (int k = 0; k < support.Count; k++) negativeSlope[k] = c[support.Atoms[k]] - sample.Lambda * s[k];
        while (support.Count > 0)
        {
            if (sample.Iterations == sample.MaximumIterations) return false;
            sample.Iterations++;
            support.Multiply(negativeSlope, step[..LassoKernels.PaddedLength(support.Count)]);
            var (length, blocking) = LongestStep(z[..support.Count], s, step);
            for (int k = 0; k < support.Count; k++) z[k] += length * step[k];
            if (blocking < 0) break;

            // On the support the correlations change by -length G step = -length slope.
            for (int k = 0; k < support.Count; k++) negativeSlope[k] *= 1 - length;
            Leave(blocking);
        }
        return true;
    }

    private static (double Length, int Blocking) LongestStep(ReadOnlySpan<double> z, ReadOnlySpan<double> sign, ReadOnlySpan<double> step)
    {
        var (length, blocking) = (1.0, -1);
        for (int k = 0; k < z.Length; k++)
        {
            if ((z[k] + step[k]) * sign[k] >= 0) continue;
            double limit = -z[k] / step[k];
            if (blocking < 0 || limit < length) (length, blocking) = (limit, k);
        }
        return (length, blocking);
    }

    private void Leave(int position)
    {
        int last = support.Count - 1;
        inSupport[support.Atoms[position]] = false;
        support.RemoveAt(position);
        foreach (var vector in (ReadOnlySpan<AlignedVector>)[codes, signs, slope]) vector.Span[position] = vector.Span[last];
    }
}
