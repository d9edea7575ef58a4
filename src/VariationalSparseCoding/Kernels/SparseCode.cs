using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Kernels;

/// <summary>The active features of one sample and their codes, in room that is used again for the next sample.</summary>
/// <param name="features">Number of features, d.</param>
internal sealed class SparseCode(int features)
{
    // Vectors are stored whole; what lies past the count is not read.
    private readonly int[] indices = new int[features + Lanes.Count];
    private readonly float[] values = new float[features + Lanes.Count];
    private int count;

    public void Clear() => count = 0;

    /// <summary>Adds the codes of the active ones among 16 features.</summary>
    /// <param name="codes">Codes of the features; read only where active.</param>
    /// <param name="active">All bits set where a feature is active, and it is one of the d.</param>
    /// <param name="first">The first of the features.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector512<float> codes, Vector512<float> active, int first)
    {
        ulong mask = active.ExtractMostSignificantBits();
        if (Avx512F.IsSupported)
        {
            Vector512<int> lanes = Vector512<int>.Indices + Vector512.Create(first);
            Avx512F.Compress(Vector512<float>.Zero, active, codes).CopyTo(values.AsSpan(count));
            Avx512F.Compress(Vector512<int>.Zero, active.AsInt32(), lanes).CopyTo(indices.AsSpan(count));
            count += BitOperations.PopCount(mask);
        }
        else
        {
            for (; mask != 0; mask &= mask - 1)
            {
                int lane = BitOperations.TrailingZeroCount(mask);
                indices[count] = first + lane;
                values[count++] = codes[lane];
            }
        }
    }

    /// <summary>||x - A z||^2 of this code z.</summary>
    /// <param name="x">The input, [D].</param>
    /// <param name="atoms">The atoms as rows, A^T, [d, D].</param>
    public float SquaredError(ReadOnlySpan<float> x, ReadOnlySpan<float> atoms)
    {
        // The residuals of 64 numbers at a time stay in registers.
        const int Block = 4 * Lanes.Count;
        ArgumentOutOfRangeException.ThrowIfLessThan(atoms.Length, features * x.Length);
        nuint inputs = (nuint)x.Length, i = 0;
        ref float input = ref MemoryMarshal.GetReference(x), dictionary = ref MemoryMarshal.GetReference(atoms);
        ReadOnlySpan<float> codes = values.AsSpan(0, count);
        ReadOnlySpan<int> active = indices.AsSpan(0, count);
        Vector512<float> sums = Vector512<float>.Zero;
        for (; i + Block <= inputs; i += Block)
        {
            Vector512<float> r0 = Vector512.LoadUnsafe(ref input, i), r1 = Vector512.LoadUnsafe(ref input, i + 16);
            Vector512<float> r2 = Vector512.LoadUnsafe(ref input, i + 32), r3 = Vector512.LoadUnsafe(ref input, i + 48);
            for (int k = 0; k < codes.Length; k++)
            {
                Vector512<float> code = Vector512.Create(-codes[k]);
                nuint atom = (nuint)active[k] * inputs + i;
                r0 = Vector512.MultiplyAddEstimate(code, Vector512.LoadUnsafe(ref dictionary, atom), r0);
                r1 = Vector512.MultiplyAddEstimate(code, Vector512.LoadUnsafe(ref dictionary, atom + 16), r1);
                r2 = Vector512.MultiplyAddEstimate(code, Vector512.LoadUnsafe(ref dictionary, atom + 32), r2);
                r3 = Vector512.MultiplyAddEstimate(code, Vector512.LoadUnsafe(ref dictionary, atom + 48), r3);
            }
            sums += r0 * r0 + r1 * r1 + (r2 * r2 + r3 * r3);
        }
        for (int rest = (int)i; rest < x.Length; rest += Lanes.Count)
        {
            Vector512<float> residual = Lanes.Load(x, rest);
            for (int k = 0; k < codes.Length; k++)
                residual = Vector512.MultiplyAddEstimate(Vector512.Create(-codes[k]), Lanes.Load(atoms.Slice(active[k] * x.Length, x.Length), rest), residual);
            sums += residual * residual;
        }
        return Vector512.Sum(sums);
    }
}
