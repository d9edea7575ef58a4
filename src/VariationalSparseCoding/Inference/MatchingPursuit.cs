using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Inference;

/// <summary>
/// Matching pursuit with positive codes (Mallat &amp; Zhang, 1993): again and again the atom with the largest product with the residual is taken, with that product as what is added to its code.
/// Atoms are used as they are, so that those of norm 1 take away all that the residual has of them. A thread's buffers; what stands beside a sample does not change its code.
/// </summary>
internal sealed class MatchingPursuit
{
    private readonly FloatMatrix atoms;
    private readonly PackedPanels packed;
    private readonly float shortest;
    private readonly int most;
    private readonly bool endsAtRepetition;

    /// <summary>Creates the method on a dictionary.</summary>
    /// <param name="atoms">A^T, [d, D].</param>
    /// <param name="packed">A, [D, d], as products read it.</param>
    /// <param name="stop">The residual's norm below which a sample is done, 0 for none; the most steps; and whether a feature that was chosen before ends it, unless 0.</param>
    public MatchingPursuit(FloatMatrix atoms, PackedPanels packed, ReadOnlySpan<float> stop) =>
        (this.atoms, this.packed, shortest, most, endsAtRepetition) = (atoms, packed, stop[0], (int)Math.Clamp(stop[1], 1, 1 << 24), stop[2] != 0);

    /// <summary>Computes the codes of some samples.</summary>
    /// <param name="residuals">The samples without their offset, [B, D]; receives what the codes leave.</param>
    /// <param name="products">Room for A^T r, [B, d].</param>
    /// <param name="rows">How many samples there are.</param>
    /// <param name="codes">Receives z, [B, d].</param>
    public void Encode(FloatMatrix residuals, FloatMatrix products, int rows, MatrixOperand codes)
    {
        Span<bool> done = stackalloc bool[rows];
        for (int row = 0; row < rows; row++) codes.Row(row, atoms.Rows).Clear();
        for (int step = 0, left = rows; step < most && left > 0; step++)
        {
            MatrixProduct.Multiply(residuals.Operand, packed, products.Operand, rows);
            for (int row = 0; row < rows; row++)
            {
                if (done[row] || Choose(residuals[row], products[row], codes.Row(row, atoms.Rows))) continue;
                done[row] = true;
                left--;
            }
        }
        GC.KeepAlive(this);
    }

    /// <summary>Takes one atom, and returns whether a sample goes on.</summary>
    private bool Choose(Span<float> residual, ReadOnlySpan<float> products, Span<float> code)
    {
        int best = 0;
        for (int feature = 1; feature < products.Length; feature++)
            if (products[feature] > products[best]) best = feature;
        float value = RowKernels.Dot(residual, atoms[best]);
        // Nothing is added now, nor would be later; a number that is not finite goes to the code, where it is found.
        if (value <= 0) return false;
        bool isRepeated = code[best] != 0;
        code[best] += value;
        RowKernels.ScaleAndAdd(residual, 1, atoms[best], -value);
        return float.IsFinite(value) && !(isRepeated && endsAtRepetition) && !(shortest > 0 && MathF.Sqrt(RowKernels.SumOfSquares(residual)) < shortest);
    }
}
