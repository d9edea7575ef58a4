using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.MapInference;

/// <summary>The rounds of ADMM on the samples of a block, with the memory they need; one serves a thread for all its blocks. Samples leave when they are finished.</summary>
/// <param name="inverse">(A^T A + rho I)^-1.</param>
/// <param name="sample">What certifies a sample.</param>
internal sealed class AdmmIteration(RegularisedInverse inverse, LassoSample sample)
{
    private const int CheckInterval = 10;
    private readonly double threshold = sample.Lambda / inverse.Penalty;
    private readonly int stride = sample.Gram.Stride;
    private readonly int[] active = new int[SampleBlock.Size];
    // z and u of each sample of the block; the right sides A^T x + rho (z - u) and solutions w of those still active, in their order.
    private readonly AlignedVector codes = Rows(sample), dual = Rows(sample), rightSides = Rows(sample), solutions = Rows(sample);

    /// <summary>Solves a block.</summary>
    /// <param name="block">The block.</param>
    public void Run(SampleBlock block)
    {
        for (int i = 0; i < block.Count; i++) Begin(block, i);
        int remaining = block.Count;
        for (int count = 0; ; count++)
        {
            if (count == sample.MaximumIterations || (sample.HasTolerance && count % CheckInterval == 0)) remaining = Finish(block, remaining, count);
            if (remaining == 0) return;
            Advance(block, remaining);
        }
    }

    private void Begin(SampleBlock block, int i)
    {
        active[i] = i;
        block.Codes(i).Span.CopyTo(Row(codes, i));
        var own = Row(dual, i);
        own.Clear();
        if (!block.HasStart) return;
        sample.Load(block, i);
        sample.Certify();
        // At the optimum rho u = A^T(x - A z), which lambda bounds.
        for (int atom = 0; atom < own.Length; atom++) own[atom] = Math.Clamp(sample.Correlations[atom], -sample.Lambda, sample.Lambda) / inverse.Penalty;
    }

    /// <summary>Takes out the samples that are finished; returns how many remain.</summary>
    private int Finish(SampleBlock block, int remaining, int count)
    {
        for (int k = remaining - 1; k >= 0; k--)
        {
            int i = active[k];
            sample.Load(block, i);
            Row(codes, i).CopyTo(block.Codes(i).Span);
            sample.Certify();
            sample.Iterations = count;
            bool converged = sample.HasTolerance && sample.Converged;
            if (!converged && count < sample.MaximumIterations) continue;
            block.Finish(i, sample, converged ? MapStopReason.Converged : MapStopReason.MaximumIterations);
            active[k] = active[--remaining];
        }
        return remaining;
    }

    private void Advance(SampleBlock block, int remaining)
    {
        for (int k = 0; k < remaining; k++)
        {
            Span<Vector512<double>> right = Vectors(Row(rightSides, k)), z = Vectors(Row(codes, active[k])), u = Vectors(Row(dual, active[k]));
            var projections = Vectors(block.Projections(active[k]).Span);
            for (int j = 0; j < right.Length; j++) right[j] = Vector512.MultiplyAddEstimate(Vector512.Create(inverse.Penalty), z[j] - u[j], projections[j]);
        }
        int rows = (remaining + PackedMatrix.RowBlock - 1) / PackedMatrix.RowBlock * PackedMatrix.RowBlock;
        inverse.Matrix.MultiplyFromLeft(rightSides.Span[..(rows * stride)], solutions.Span);
        for (int k = 0; k < remaining; k++) Shrink(Vectors(Row(solutions, k)), Vectors(Row(codes, active[k])), Vectors(Row(dual, active[k])));
    }

    private void Shrink(ReadOnlySpan<Vector512<double>> w, Span<Vector512<double>> z, Span<Vector512<double>> u)
    {
        Vector512<double> bound = Vector512.Create(threshold), sign = Vector512.Create(-0.0);
        for (int j = 0; j < w.Length; j++)
        {
            var shifted = w[j] + u[j];
            var magnitude = Vector512.Max(Vector512.Abs(shifted) - bound, Vector512<double>.Zero);
            z[j] = magnitude | (shifted & sign & Vector512.GreaterThan(magnitude, Vector512<double>.Zero));
            u[j] = shifted - z[j];
        }
    }

    private Span<double> Row(AlignedVector matrix, int row) => matrix.Span.Slice(row * stride, stride);

    private static AlignedVector Rows(LassoSample sample) => new(SampleBlock.Size * sample.Gram.Stride);

    private static Span<Vector512<double>> Vectors(Span<double> values) => MemoryMarshal.Cast<double, Vector512<double>>(values);
}
