using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.MapInference;

/// <summary>The path of solutions, with the memory it needs; one serves a thread for all its samples.</summary>
internal sealed class HomotopyPath
{
    private readonly SupportInverse support = new();
    private readonly List<double> signs = [];
    private AlignedVector signVector, direction, correlationChange;
    private double[] weights = [];
    private bool[] inSupport = [];

    /// <summary>Brings the sample's codes to the end of the path, or to where it cannot be followed further.</summary>
    public void Follow(LassoSample sample)
    {
        Prepare(sample);
        double level = LassoKernels.MaximumAbsolute(sample.Correlations);
        int entering = IndexOfLargest(sample.Correlations), left = -1;
        while (level > sample.Lambda && sample.Iterations < sample.MaximumIterations)
        {
            if (entering >= 0)
            {
                if (!support.TryAdd(entering, sample.Gram)) return;
                inSupport[entering] = true;
                signs.Add(Math.Sign(sample.Correlations[entering]));
            }
            SetDirection(sample.Gram);
            var (enteringLength, candidate) = NextEntry(sample, level, left);
            var (leavingLength, position) = NextExit(sample);
            double length = Math.Min(level - sample.Lambda, Math.Min(enteringLength, leavingLength));
            Move(sample, length);
            sample.Iterations++;
            level -= length;
            bool leaves = leavingLength <= length;
            (entering, left) = leaves ? (-1, Leave(sample, position)) : (candidate, -1);
            // Without an atom there is no direction: only a tie of all of them leads here.
            if (support.Count == 0) return;
        }
    }

    private void Prepare(LassoSample sample)
    {
        int stride = sample.Gram.Stride;
        if (weights.Length < stride)
        {
            weights = new double[stride];
            inSupport = new bool[stride];
            (signVector, direction, correlationChange) = (new(stride), new(stride), new(stride));
        }
        support.Clear();
        inSupport.AsSpan().Clear();
        signs.Clear();
        sample.Codes.Clear();
        sample.Projections.CopyTo(sample.Correlations);
    }

    /// <summary>Per unit by which lambda falls, the codes change by w = (A_S^T A_S)^-1 sign(c_S) and the correlations by -A^T A_S w.</summary>
    private void SetDirection(PaddedGram gram)
    {
        int width = LassoKernels.PaddedLength(support.Count);
        var right = signVector.Span[..width];
        right.Clear();
        for (int k = 0; k < support.Count; k++) right[k] = signs[k];
        support.Multiply(right, direction.Span[..width]);
        for (int k = 0; k < support.Count; k++) weights[k] = -direction.Span[k];
        correlationChange.Span.Clear();
        LassoKernels.SubtractRows(correlationChange.Span, correlationChange.Span, gram.Rows, support.Atoms, weights);
    }

    /// <summary>Where the correlation of an atom outside the support first reaches the falling level, on either side.</summary>
    private (double Length, int Atom) NextEntry(LassoSample sample, double level, int justLeft)
    {
        var (length, entering) = (double.PositiveInfinity, -1);
        Span<double> correlations = sample.Correlations, change = correlationChange.Span;
        for (int atom = 0; atom < sample.Gram.Atoms; atom++)
        {
            if (atom == justLeft || inSupport[atom]) continue;
            for (int side = -1; side <= 1; side += 2)
            {
                double closing = 1 - side * change[atom], limit = Math.Max(0, level - side * correlations[atom]) / closing;
                if (closing > 0 && limit < length) (length, entering) = (limit, atom);
            }
        }
        return (length, entering);
    }

    /// <summary>Where a code of the support first reaches 0.</summary>
    private (double Length, int Position) NextExit(LassoSample sample)
    {
        var (length, position) = (double.PositiveInfinity, -1);
        for (int k = 0; k < support.Count; k++)
        {
            double step = direction.Span[k], limit = -sample.Codes[support.Atoms[k]] / step;
            if (step * signs[k] < 0 && limit < length) (length, position) = (limit, k);
        }
        return (length, position);
    }

    private void Move(LassoSample sample, double length)
    {
        for (int k = 0; k < support.Count; k++) sample.Codes[support.Atoms[k]] += length * direction.Span[k];
        LassoKernels.AddScaled(sample.Correlations, correlationChange.Span, -length);
    }

    private int Leave(LassoSample sample, int position)
    {
        int atom = support.Atoms[position];
        sample.Codes[atom] = 0;
        inSupport[atom] = false;
        support.RemoveAt(position);
        signs[position] = signs[^1];
        signs.RemoveAt(signs.Count - 1);
        return atom;
    }

    private static int IndexOfLargest(ReadOnlySpan<double> values)
    {
        int index = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (Math.Abs(values[i]) > Math.Abs(values[index])) index = i;
        }
        return index;
    }
}
