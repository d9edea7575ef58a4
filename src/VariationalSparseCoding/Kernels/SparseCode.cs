using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VariationalSparseCoding.Kernels;

/// <summary>The active features of one sample and their codes, in room that is used again for the next sample.</summary>
/// <param name="features">Number of features, d.</param>
internal sealed class SparseCode(int features)
{
    private readonly int[] indices = new int[features];
    private readonly float[] values = new float[features];

    /// <summary>How many features are active.</summary>
    public int Count { get; private set; }

    public void Clear() => Count = 0;

    /// <summary>Adds the codes of the active ones among 16 features.</summary>
    /// <param name="codes">Codes of the features; read only where active.</param>
    /// <param name="active">Bit i tells whether feature <paramref name="first"/> + i is active.</param>
    /// <param name="first">The first of the features.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector512<float> codes, ulong active, int first)
    {
        Span<float> lanes = stackalloc float[Lanes.Count];
        codes.CopyTo(lanes);
        for (; active != 0; active &= active - 1)
        {
            int lane = BitOperations.TrailingZeroCount(active);
            indices[Count] = first + lane;
            values[Count++] = lanes[lane];
        }
    }

    /// <summary>||x - A z||^2 of this code z.</summary>
    /// <param name="x">The input, [D].</param>
    /// <param name="atoms">The atoms as rows, A^T, [d, D].</param>
    public float SquaredError(ReadOnlySpan<float> x, ReadOnlySpan<float> atoms)
    {
        // The residuals of 64 numbers at a time stay in registers.
        const int Block = 4 * Lanes.Count;
        int inputs = x.Length, i = 0;
        Vector512<float> sums = Vector512<float>.Zero;
        for (; i + Block <= inputs; i += Block)
        {
            Vector512<float> r0 = Vector512.Create(x[i..]), r1 = Vector512.Create(x[(i + 16)..]), r2 = Vector512.Create(x[(i + 32)..]), r3 = Vector512.Create(x[(i + 48)..]);
            for (int k = 0; k < Count; k++)
            {
                Vector512<float> code = Vector512.Create(-values[k]);
                ReadOnlySpan<float> atom = atoms.Slice(indices[k] * inputs + i, Block);
                r0 = Vector512.FusedMultiplyAdd(code, Vector512.Create(atom), r0);
                r1 = Vector512.FusedMultiplyAdd(code, Vector512.Create(atom[16..]), r1);
                r2 = Vector512.FusedMultiplyAdd(code, Vector512.Create(atom[32..]), r2);
                r3 = Vector512.FusedMultiplyAdd(code, Vector512.Create(atom[48..]), r3);
            }
            sums += r0 * r0 + r1 * r1 + (r2 * r2 + r3 * r3);
        }
        for (; i < inputs; i += Lanes.Count)
        {
            Vector512<float> residual = Lanes.Load(x, i);
            for (int k = 0; k < Count; k++)
                residual = Vector512.FusedMultiplyAdd(Vector512.Create(-values[k]), Lanes.Load(atoms.Slice(indices[k] * inputs, inputs), i), residual);
            sums += residual * residual;
        }
        return Vector512.Sum(sums);
    }
}
