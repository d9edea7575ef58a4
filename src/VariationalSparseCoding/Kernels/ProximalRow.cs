using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Kernels;

/// <summary>
/// Iterations of ISTA and FISTA on the code of one sample, on the calling thread. Its state is a few kilobytes, which stay in the processor's first cache
/// while many iterations pass; a batch at a time would move them through the second in each.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal readonly ref struct ProximalRow<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Vectors of a state: codes and correlations of the present and of the last iteration, in one of two places each.</summary>
    public const int StateVectors = 4;

    // So many vectors of a row stay in registers while the rows of the Gram matrix pass.
    private const int BlockVectors = 8;

    /// <summary>d.</summary>
    public required int Atoms { get; init; }

    /// <summary>A^T A, [d, stride], zeros past d; the stride is a multiple of 16.</summary>
    public required ReadOnlySpan<T> Gram { get; init; }

    /// <summary>A^T x, [stride], zeros past d.</summary>
    public required ReadOnlySpan<T> Projections { get; init; }

    /// <summary>z and c = A^T(x - A z) of two iterations, [2, 2, stride], zeros past d; changed in place.</summary>
    public required Span<T> State { get; init; }

    /// <summary>1/L.</summary>
    public required T Step { get; init; }

    /// <summary>lambda/L, at least 0.</summary>
    public required T Threshold { get; init; }

    /// <summary>Room for the indices of active atoms, [stride].</summary>
    public required Span<int> Support { get; init; }

    /// <summary>
    /// Iterates: z+ = soft(y + c_y/L, lambda/L) with y = z + momentum (z - z_last) and c_y = c + momentum (c - c_last), then c+ = A^T(x - A z+), in which
    /// only the active atoms take part. What is new takes the place of what is older.
    /// </summary>
    /// <param name="present">Which half of the state, 0 or 1, is the present iteration; after each iteration it is the other.</param>
    /// <param name="momenta">The momentum of each iteration; 0 for ISTA.</param>
    /// <param name="changes">Receives ||z+ - z||^2 of each iteration.</param>
    /// <param name="sizes">Receives ||z||^2 of each iteration.</param>
    /// <param name="isLast">Whether no iteration follows these, so that nobody needs the correlations of the last codes.</param>
    public void Iterate(int present, ReadOnlySpan<T> momenta, Span<T> changes, Span<T> sizes, bool isLast = false)
    {
        for (int i = 0; i < momenta.Length; i++, present ^= 1)
        {
            int active = Move(present, momenta[i], out changes[i], out sizes[i]);
            if (!isLast || i < momenta.Length - 1) SubtractRows(Codes(present ^ 1), Support[..active], Correlations(present ^ 1));
        }
    }

    /// <summary>Makes given codes the present iteration: computes their correlations, and takes them for the last iteration as well.</summary>
    /// <param name="codes">z, [stride], zeros past d.</param>
    public void Begin(ReadOnlySpan<T> codes)
    {
        codes.CopyTo(Codes(0));
        int active = 0;
        for (int atom = 0; atom < Atoms; atom++)
            if (codes[atom] != T.Zero) Support[active++] = atom;
        SubtractRows(Codes(0), Support[..active], Correlations(0));
        // Where there is no momentum yet, what was last counts with weight 0, but it must be finite.
        State[..(2 * Projections.Length)].CopyTo(State[(2 * Projections.Length)..]);
    }

    /// <summary>The codes of a half of the state, [stride].</summary>
    /// <param name="half">0 or 1.</param>
    public Span<T> Codes(int half) => State.Slice(2 * half * Projections.Length, Projections.Length);

    private Span<T> Correlations(int half) => State.Slice((2 * half + 1) * Projections.Length, Projections.Length);

    /// <summary>The step, in the place of the last iteration; returns how many codes are active and puts down which.</summary>
    private unsafe int Move(int present, T momentum, out T change, out T size)
    {
        Vector512<T> m = Vector512.Create(momentum), s = Vector512.Create(Step), bound = Vector512.Create(Threshold), sign = Vector512.Create(-T.Zero);
        Vector512<T> changes = Vector512<T>.Zero, sizes = changes;
        int active = 0, length = Projections.Length;
        fixed (T* zs = Codes(present), cs = Correlations(present), lastZs = Codes(present ^ 1), lastCs = Correlations(present ^ 1))
        fixed (int* support = Support)
        {
            for (int i = 0; i < length; i += Vector512<T>.Count)
            {
                Vector512<T> z = Vector512.Load(zs + i), c = Vector512.Load(cs + i);
                var y = MultiplyAdd(m, z - Vector512.Load(lastZs + i), z);
                var slope = MultiplyAdd(m, c - Vector512.Load(lastCs + i), c);
                var moved = MultiplyAdd(s, slope, y);
                // A NaN must stay one, and does in the maximum.
                var magnitude = Vector512.Max(Vector512.Abs(moved) - bound, Vector512<T>.Zero);
                var next = magnitude | (moved & sign & Vector512.GreaterThan(magnitude, Vector512<T>.Zero));
                next.Store(lastZs + i);
                changes = MultiplyAdd(next - z, next - z, changes);
                sizes = MultiplyAdd(z, z, sizes);
                ulong mask = ~Vector512.Equals(magnitude, Vector512<T>.Zero).ExtractMostSignificantBits() & ((1UL << Vector512<T>.Count) - 1);
                for (; mask != 0; mask &= mask - 1) support[active++] = i + BitOperations.TrailingZeroCount(mask);
            }
            // What is not a number reaches the padding too, where the matrix has no rows.
            while (active > 0 && support[active - 1] >= Atoms) active--;
        }
        (change, size) = (Vector512.Sum(changes), Vector512.Sum(sizes));
        return active;
    }

    /// <summary>correlations = projections - sum of code times row of the Gram matrix over some atoms.</summary>
    private void SubtractRows(ReadOnlySpan<T> codes, ReadOnlySpan<int> active, Span<T> correlations)
    {
        int stride = Projections.Length, block = BlockVectors * Vector512<T>.Count, i = 0;
        for (; i <= stride - block; i += block) SubtractBlock(Projections[i..], Gram[i..], stride, codes, active, correlations[i..]);
        for (; i < stride; i += Vector512<T>.Count)
        {
            var sum = Vector512.LoadUnsafe(in MemoryMarshal.GetReference(Projections), (nuint)i);
            foreach (int row in active)
                sum = MultiplyAdd(Vector512.Create(-codes[row]), Vector512.LoadUnsafe(in MemoryMarshal.GetReference(Gram), (nuint)row * (nuint)stride + (nuint)i), sum);
            sum.StoreUnsafe(ref MemoryMarshal.GetReference(correlations), (nuint)i);
        }
    }

    /// <summary>A block of whole vectors. Nothing here may call a method: no vector register outlives a call, and the sums would move to memory and back for each row.</summary>
    private static unsafe void SubtractBlock(ReadOnlySpan<T> start, ReadOnlySpan<T> matrix, int stride, ReadOnlySpan<T> weights, ReadOnlySpan<int> rows, Span<T> result)
    {
        int lanes = Vector512<T>.Count;
        fixed (T* from = start, all = matrix, factors = weights, to = result)
        fixed (int* first = rows)
        {
            Vector512<T> s0 = Vector512.Load(from), s1 = Vector512.Load(from + lanes), s2 = Vector512.Load(from + 2 * lanes), s3 = Vector512.Load(from + 3 * lanes);
            Vector512<T> s4 = Vector512.Load(from + 4 * lanes), s5 = Vector512.Load(from + 5 * lanes), s6 = Vector512.Load(from + 6 * lanes), s7 = Vector512.Load(from + 7 * lanes);
            for (int* row = first, end = first + rows.Length; row != end; row++)
            {
                var weight = Vector512.Create(-factors[*row]);
                T* own = all + (nint)(*row) * stride;
                s0 = MultiplyAdd(weight, Vector512.Load(own), s0);
                s1 = MultiplyAdd(weight, Vector512.Load(own + lanes), s1);
                s2 = MultiplyAdd(weight, Vector512.Load(own + 2 * lanes), s2);
                s3 = MultiplyAdd(weight, Vector512.Load(own + 3 * lanes), s3);
                s4 = MultiplyAdd(weight, Vector512.Load(own + 4 * lanes), s4);
                s5 = MultiplyAdd(weight, Vector512.Load(own + 5 * lanes), s5);
                s6 = MultiplyAdd(weight, Vector512.Load(own + 6 * lanes), s6);
                s7 = MultiplyAdd(weight, Vector512.Load(own + 7 * lanes), s7);
            }
            s0.Store(to);
            s1.Store(to + lanes);
            s2.Store(to + 2 * lanes);
            s3.Store(to + 3 * lanes);
            s4.Store(to + 4 * lanes);
            s5.Store(to + 5 * lanes);
            s6.Store(to + 6 * lanes);
            s7.Store(to + 7 * lanes);
        }
    }

    // The runtime offers the fused operation for either type, but not for a type parameter. The test is decided when the method is compiled.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> MultiplyAdd(Vector512<T> left, Vector512<T> right, Vector512<T> addend) => typeof(T) == typeof(float)
        ? Vector512.MultiplyAddEstimate(left.AsSingle(), right.AsSingle(), addend.AsSingle()).As<float, T>()
        : Vector512.MultiplyAddEstimate(left.AsDouble(), right.AsDouble(), addend.AsDouble()).As<double, T>();
}
