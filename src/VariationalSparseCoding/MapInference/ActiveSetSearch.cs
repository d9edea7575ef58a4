using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.MapInference;

/// <summary>Where an active-set search is given up for another method.</summary>
/// <param name="Iterations">The most iterations.</param>
/// <param name="FirstEntries">The most atoms that may enter an empty support at once.</param>
internal readonly record struct ActiveSetLimits(int Iterations, int FirstEntries);

/// <summary>The active-set search, with the memory it needs; one serves a thread for all its samples.</summary>
/// <param name="support">What holds the support; the search empties it first.</param>
internal sealed class ActiveSetSearch(ISupport support)
{
    // An atom enters when its correlation exceeds this part of the way from lambda to the largest. All violators together would fill
    // the support with atoms that have to leave again; one at a time, each would take a pass over the Gram matrix. 0.8 was fastest
    // on image patches with 2 to 30 atoms in the support.
    private const double EntryFraction = 0.8;
    private int maximum, crowd;
    private int[] candidates = [];
    private bool[] inSupport = [];
    // In the order of the support, as all vectors here: its codes and their signs, c - lambda sign(z), and the Newton step.
    private AlignedVector codes, signs, slope, direction;

    /// <summary>Goes on from the sample's present codes, until they converge, stall or have used up their iterations.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="limits">Where to end early, with <see cref="MapStopReason.MaximumIterations"/>; null for the sample's own maximum of iterations.</param>
    public MapStopReason Run(LassoSample sample, ActiveSetLimits? limits = null)
    {
        maximum = Math.Min(limits?.Iterations ?? int.MaxValue, sample.MaximumIterations);
        crowd = limits?.FirstEntries ?? int.MaxValue;
        // Where atoms are almost dependent, rounding makes the inverse useless after some changes: again with a fresh one, as long as that helps.
        for (double lowest = double.PositiveInfinity; ;)
        {
            Prepare(sample);
            Certify(sample);
            var reason = Search(sample);
            Publish(sample);
            if (reason != MapStopReason.Stalled || !(sample.Objective < lowest)) return reason;
            lowest = sample.Objective;
        }
    }

    private MapStopReason Search(LassoSample sample)
    {
        // Several atoms that enter together may all have to leave again at once; one alone at the minimum of its support lowers the objective.
        bool oneByOne = false;
        double lowest = sample.Objective;
        while (!sample.Converged)
        {
            if (!AddViolators(sample, oneByOne)) return MapStopReason.MaximumIterations;
            bool minimal = Descend(sample);
            Certify(sample);
            if (sample.Converged) break;
            if (!minimal) return MapStopReason.MaximumIterations;
            // Each round lowers the objective, or the supports might repeat.
            bool lower = sample.Objective < lowest;
            if (!lower && oneByOne) return MapStopReason.Stalled;
            (oneByOne, lowest) = (!lower, Math.Min(lowest, sample.Objective));
        }
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
        foreach (int atom in candidates.AsSpan(0, count)) TryEnter(sample, atom, sample.Codes[atom], Math.Sign(sample.Codes[atom]));
    }

    private void Certify(LassoSample sample) => sample.Certify(support.Atoms, codes.Span);

    private void Publish(LassoSample sample)
    {
        Span<double> dense = sample.Codes, held = codes.Span;
        dense.Clear();
        var atoms = support.Atoms;
        for (int k = 0; k < atoms.Length; k++) dense[atoms[k]] = held[k];
    }

    /// <summary>Lets atoms enter; false where more would begin the support than the limit allows.</summary>
    private bool AddViolators(LassoSample sample, bool oneByOne)
    {
        var c = sample.Correlations;
        double excess = sample.LargestCorrelation - sample.Lambda;
        if (excess <= 0) return true;
        int count = oneByOne ? 0 : LassoKernels.IndicesAbove(c, sample.Lambda + EntryFraction * excess, candidates), entered = 0;
        if (support.Count == 0 && count > crowd) return false;
        foreach (int atom in candidates.AsSpan(0, count))
        {
            if (!inSupport[atom] && TryEnter(sample, atom, 0, Math.Sign(c[atom]))) entered++;
        }
        int largest = entered > 0 ? -1 : LargestViolator(sample);
        if (largest >= 0 && !TryEnter(sample, largest, 0, Math.Sign(c[largest]))) Exchange(sample, largest);
        return true;
    }

    private int LargestViolator(LassoSample sample)
    {
        var c = sample.Correlations;
        var (largest, atom) = (sample.Lambda, -1);
        for (int i = 0; i < sample.Gram.Atoms; i++)
        {
            if (!inSupport[i] && Math.Abs(c[i]) > largest) (largest, atom) = (Math.Abs(c[i]), i);
        }
        return atom;
    }

    /// <summary>
    /// Lets an atom that was just refused, a = A_S u, take the place of another. Along z + t sign(c) for it and z_S - t sign(c) u for the support the fit stays,
    /// while at the minimum on the support ||z||_1 falls by |c| / lambda - 1 per t: until the first code of the support is 0, whose atom leaves.
    /// </summary>
    private void Exchange(LassoSample sample, int atom)
    {
        double sign = Math.Sign(sample.Correlations[atom]);
        Span<double> z = codes.Span[..support.Count], step = direction.Span[..support.Count];
        var u = support.Refused;
        for (int k = 0; k < u.Length; k++) step[k] = -sign * u[k];
        var (length, leaving) = FirstZero(z, signs.Span, step, double.PositiveInfinity);
        if (leaving < 0) return;
        for (int k = 0; k < step.Length; k++) z[k] += length * step[k];
        Leave(leaving);
        TryEnter(sample, atom, length * sign, sign);
    }

    private bool TryEnter(LassoSample sample, int atom, double code, double sign)
    {
        if (!support.TryAdd(atom, sample.Gram)) return false;
        int last = support.Count - 1;
        (inSupport[atom], codes.Span[last], signs.Span[last]) = (true, code, sign);
        return true;
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
            if (sample.Iterations >= maximum) return false;
            sample.Iterations++;
            support.Multiply(negativeSlope, step[..LassoKernels.PaddedLength(support.Count)]);
            var (length, blocking) = FirstZero(z[..support.Count], s, step, 1);
            for (int k = 0; k < support.Count; k++) z[k] += length * step[k];
            if (blocking < 0) break;

            // On the support the correlations change by -length G step = -length slope.
            for (int k = 0; k < support.Count; k++) negativeSlope[k] *= 1 - length;
            Leave(blocking);
        }
        return true;
    }

    /// <summary>How far a step may go, at most so far, until a code leaves the side of its sign; and which, or -1.</summary>
    private static (double Length, int Blocking) FirstZero(ReadOnlySpan<double> z, ReadOnlySpan<double> sign, ReadOnlySpan<double> step, double most)
    {
        var (length, blocking) = (most, -1);
        for (int k = 0; k < z.Length; k++)
        {
            if (double.IsFinite(most) ? (z[k] + most * step[k]) * sign[k] >= 0 : step[k] * sign[k] >= 0) continue;
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
