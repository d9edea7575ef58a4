using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Kernels;

/// <summary>
/// Losses of the samples of a thresholded Laplacian posterior under a linear generator, from the sparse codes directly: a feature costs a logarithm and a pass over its atom
/// only where it is active. The noise is that of <see cref="CounterNoise.FillLaplace{T}(NoiseKey, int, int, int, int, int, Span{T}, int)"/>, stream 0.
/// </summary>
internal static class ThresholdedLaplacianScorer
{
    private const int LaneCount = 16, GroupSize = 64;
    // Far more than the errors of the screening bound's exponential and of the logarithm: a feature the rule calls active is never screened out.
    private const float ScreenMargin = 1.0001f;

    /// <summary>
    /// (1/D) ||x - A z||^2 with z = mu + sign(r) (scale |r| - threshold) where scale |r| > threshold, else 0.
    /// </summary>
    /// <param name="key">The noise's key.</param>
    /// <param name="firstRow">The noise's number of the first row.</param>
    /// <param name="x">Inputs, [B, D].</param>
    /// <param name="shift">mu, [B, d].</param>
    /// <param name="scale">Laplace scale times the warm-up's factor, [B, d], positive.</param>
    /// <param name="threshold">The threshold, at least 0.</param>
    /// <param name="atoms">The atoms as rows, A^T, [d, D].</param>
    /// <param name="samples">J.</param>
    /// <param name="losses">Receives the losses, [B, J].</param>
    /// <param name="threads">How many threads may work; the result does not depend on it.</param>
    public static unsafe void Score(
        NoiseKey key, int firstRow, ReadOnlySpan<float> x, ReadOnlySpan<float> shift, ReadOnlySpan<float> scale, float threshold, ReadOnlySpan<float> atoms,
        int samples, Span<float> losses, int threads = 1)
    {
        int rows = losses.Length / samples, inputs = x.Length / rows, features = shift.Length / rows;
        if (losses.Length != rows * samples || x.Length != rows * inputs || shift.Length != rows * features || scale.Length != shift.Length || atoms.Length != features * inputs)
            throw new ArgumentException("The lengths of inputs, shifts, scales, atoms and losses do not fit together.");
        fixed (float* xStart = x, shiftStart = shift, scaleStart = scale, atomStart = atoms, lossStart = losses)
        {
            float* xs = xStart, shifts = shiftStart, scales = scaleStart, dictionary = atomStart, results = lossStart;
            ParallelRanges.Run(rows, threads, (first, end) =>
            {
                var row = new Row(features);
                var residual = new float[inputs];
                for (int r = first; r < end; r++)
                {
                    row.Set(new(shifts + (long)r * features, features), new(scales + (long)r * features, features), threshold);
                    for (int sample = 0; sample < samples; sample++)
                    {
                        new ReadOnlySpan<float>(xs + (long)r * inputs, inputs).CopyTo(residual);
                        SubtractDecoded(key, (uint)(firstRow + r), sample, row, threshold, new(dictionary, features * inputs), residual);
                        results[r * samples + sample] = SumOfSquares(residual) / inputs;
                    }
                }
            });
        }
    }

    /// <summary>The posterior of one row, padded to whole groups by features that are never active.</summary>
    private sealed class Row(int features)
    {
        private readonly float[] shift = Padded(features), scale = Padded(features), screen = Padded(features);

        public ReadOnlySpan<float> Shift => shift;

        public ReadOnlySpan<float> Scale => scale;

        /// <summary>A tail probability above this belongs to an inactive feature.</summary>
        public ReadOnlySpan<float> Screen => screen;

        public void Set(ReadOnlySpan<float> shifts, ReadOnlySpan<float> scales, float threshold)
        {
            shifts.CopyTo(shift);
            scales.CopyTo(scale);
            for (int i = 0; i < scales.Length; i++) screen[i] = MathF.Exp(-threshold / scales[i]) * ScreenMargin;
        }

        private static float[] Padded(int features) => new float[(features + GroupSize - 1) / GroupSize * GroupSize];
    }

    private static void SubtractDecoded(NoiseKey key, uint noiseRow, int sample, Row row, float threshold, ReadOnlySpan<float> atoms, Span<float> residual)
    {
        uint address = Philox.Address(key.Purpose, 0, sample);
        Span<float> codes = stackalloc float[LaneCount];
        for (int first = 0; first < row.Screen.Length; first += GroupSize)
        {
            var (words0, words1, words2, words3) = Philox.GroupWords((uint)(first / GroupSize), address, noiseRow, key.Step, key.Seed);
            ReadOnlySpan<Vector512<uint>> group = [words0, words1, words2, words3];
            for (int word = 0; word < group.Length; word++)
            {
                int feature = first + word * LaneCount;
                Vector512<float> v = Vector512.MaxNative(BaseMath.TailProbability(group[word]), Vector512.Create(LaplaceVariate.TailFloor));
                if (Vector512.LessThanOrEqual(v, Vector512.Create(row.Screen[feature..])) == Vector512<float>.Zero) continue;
                Vector512<float> distance = Vector512.Create(row.Scale[feature..]) * BaseMath.NegativeLog(v);
                ulong active = Vector512.GreaterThan(distance, Vector512.Create(threshold)).ExtractMostSignificantBits();
                // Only the active lanes are codes.
                (Vector512.Create(row.Shift[feature..]) + BaseMath.WithSign(distance - Vector512.Create(threshold), group[word])).CopyTo(codes);
                for (; active != 0; active &= active - 1)
                {
                    int lane = System.Numerics.BitOperations.TrailingZeroCount(active);
                    SubtractMultiple(residual, codes[lane], atoms.Slice((feature + lane) * residual.Length, residual.Length));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SubtractMultiple(Span<float> residual, float code, ReadOnlySpan<float> atom)
    {
        ref float target = ref MemoryMarshal.GetReference(residual);
        ref float source = ref MemoryMarshal.GetReference(atom);
        nuint i = 0, length = (nuint)residual.Length;
        for (Vector512<float> factor = Vector512.Create(-code); i + LaneCount <= length; i += LaneCount)
            Vector512.FusedMultiplyAdd(factor, Vector512.LoadUnsafe(ref source, i), Vector512.LoadUnsafe(ref target, i)).StoreUnsafe(ref target, i);
        for (; i < length; i++) Unsafe.Add(ref target, i) = MathF.FusedMultiplyAdd(-code, Unsafe.Add(ref source, i), Unsafe.Add(ref target, i));
    }

    private static float SumOfSquares(ReadOnlySpan<float> residual)
    {
        Vector512<float> sums = Vector512<float>.Zero;
        int i = 0;
        for (; i + LaneCount <= residual.Length; i += LaneCount)
        {
            Vector512<float> part = Vector512.Create(residual[i..]);
            sums = Vector512.FusedMultiplyAdd(part, part, sums);
        }
        float sum = Vector512.Sum(sums);
        for (; i < residual.Length; i++) sum = MathF.FusedMultiplyAdd(residual[i], residual[i], sum);
        return sum;
    }
}
