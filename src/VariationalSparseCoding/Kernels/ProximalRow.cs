using System.Numerics;
using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Kernels;

/// <summary>
/// Iterations of FISTA on the code of one sample, in float32 on the calling thread. Its state is a few kilobytes, which stay in the processor's first cache
/// while many iterations pass; a batch at a time would move them through the second in each.
/// </summary>
internal readonly ref struct ProximalRow
{
    /// <summary>Vectors of a state: codes and correlations of the present and of the last iteration, in one of two places each.</summary>
    public const int StateVectors = 4;

    /// <summary>d.</summary>
    public required int Atoms { get; init; }

    /// <summary>A^T A, [d, stride], zeros past d.</summary>
    public required ReadOnlySpan<float> Gram { get; init; }

    /// <summary>A^T x, [stride], zeros past d.</summary>
    public required ReadOnlySpan<float> Projections { get; init; }

    /// <summary>z and c = A^T(x - A z) of two iterations, [2, 2, stride], zeros past d; changed in place.</summary>
    public required Span<float> State { get; init; }

    /// <summary>1/L.</summary>
    public required float Step { get; init; }

    /// <summary>lambda/L, at least 0.</summary>
    public required float Threshold { get; init; }

    /// <summary>Room for the indices of active atoms, [stride].</summary>
    public required Span<int> Support { get; init; }

    /// <summary>
    /// Iterates: z+ = soft(y + c_y/L, lambda/L), y = z + momentum (z - z_last), c_y alike, as <see cref="ProximalKernels.Step"/>, then c+ = A^T(x - A z+) as
    /// <see cref="ProximalKernels.Correlate"/>. What is new takes the place of what is older.
    /// </summary>
    /// <param name="present">Which half of the state, 0 or 1, is the present iteration; after each iteration it is the other.</param>
    /// <param name="momenta">The momentum of each iteration.</param>
    /// <param name="changes">Receives ||z+ - z||^2 of each iteration.</param>
    /// <param name="sizes">Receives ||z||^2 of each iteration.</param>
    public void Iterate(int present, ReadOnlySpan<float> momenta, Span<float> changes, Span<float> sizes)
    {
        for (int i = 0; i < momenta.Length; i++, present ^= 1)
        {
            Span<float> codes = Part(present, 0), correlations = Part(present, 1), next = Part(present ^ 1, 0), nextCorrelations = Part(present ^ 1, 1);
            int active = Move(codes, correlations, next, nextCorrelations, momenta[i], out changes[i], out sizes[i]);
            ProximalKernels.SubtractRows(Projections, Gram, next, Support[..active], nextCorrelations);
        }
    }

    private Span<float> Part(int half, int which) => State.Slice((2 * half + which) * Projections.Length, Projections.Length);

    /// <summary>The step, in the place of the last iteration; returns how many codes are active and puts down which.</summary>
    private unsafe int Move(ReadOnlySpan<float> codes, ReadOnlySpan<float> correlations, Span<float> lastAndNext, ReadOnlySpan<float> lastCorrelations, float momentum, out float change, out float size)
    {
        Vector512<float> m = Vector512.Create(momentum), s = Vector512.Create(Step), bound = Vector512.Create(Threshold), sign = Vector512.Create(-0f);
        Vector512<float> changes = Vector512<float>.Zero, sizes = changes;
        int active = 0;
        fixed (float* zs = codes, cs = correlations, lastZs = lastAndNext, lastCs = lastCorrelations)
        fixed (int* support = Support)
        {
            for (int i = 0; i < codes.Length; i += Lanes.Count)
            {
                Vector512<float> z = Vector512.Load(zs + i), c = Vector512.Load(cs + i);
                var y = Vector512.FusedMultiplyAdd(m, z - Vector512.Load(lastZs + i), z);
                var slope = Vector512.FusedMultiplyAdd(m, c - Vector512.Load(lastCs + i), c);
                var moved = Vector512.FusedMultiplyAdd(s, slope, y);
                // A NaN must stay one, and does in the maximum.
                var length = Vector512.Max(Vector512.Abs(moved) - bound, Vector512<float>.Zero);
                var next = length | (moved & sign & Vector512.GreaterThan(length, Vector512<float>.Zero));
                next.Store(lastZs + i);
                changes = Vector512.FusedMultiplyAdd(next - z, next - z, changes);
                sizes = Vector512.FusedMultiplyAdd(z, z, sizes);
                ulong mask = ~Vector512.Equals(length, Vector512<float>.Zero).ExtractMostSignificantBits() & 0xFFFF;
                for (; mask != 0; mask &= mask - 1) support[active++] = i + BitOperations.TrailingZeroCount(mask);
            }
            // What is not a number reaches the padding too, where the matrix has no rows.
            while (active > 0 && support[active - 1] >= Atoms) active--;
        }
        (change, size) = (Vector512.Sum(changes), Vector512.Sum(sizes));
        return active;
    }
}
