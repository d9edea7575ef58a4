using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Posteriors;

/// <summary>A matrix for each head of a posterior, [B, d]: outputs of the inference network, or gradients of these.</summary>
/// <param name="heads">The heads, in the order of the network's layers.</param>
/// <param name="matrices">Their matrices, in the same order.</param>
internal sealed class HeadMatrices(IReadOnlyList<Head> heads, IReadOnlyList<FloatMatrix> matrices)
{
    private readonly FloatMatrix? scale = Find(heads, matrices, Head.Scale), shift = Find(heads, matrices, Head.Shift), spike = Find(heads, matrices, Head.Spike);
    private readonly FloatMatrix? logShape = Find(heads, matrices, Head.LogShape), logRate = Find(heads, matrices, Head.LogRate);

    /// <summary>The matrices, in the order of the network's layers.</summary>
    public IReadOnlyList<FloatMatrix> Matrices => matrices;

    /// <summary>The outputs for an input.</summary>
    /// <param name="row">The input.</param>
    public HeadRows Row(int row) => new() { Scale = Of(scale, row), Shift = Of(shift, row), Spike = Of(spike, row), LogShape = Of(logShape, row), LogRate = Of(logRate, row) };

    /// <summary>Where the gradients of an input are written.</summary>
    /// <param name="row">The input.</param>
    public HeadGradientRows GradientRow(int row) => new() { Scale = Of(scale, row), Shift = Of(shift, row), Spike = Of(spike, row), LogShape = Of(logShape, row), LogRate = Of(logRate, row) };

    private static Span<float> Of(FloatMatrix? matrix, int row) => matrix is null ? [] : matrix[row];

    private static FloatMatrix? Find(IReadOnlyList<Head> heads, IReadOnlyList<FloatMatrix> matrices, Head head)
    {
        for (int i = 0; i < heads.Count; i++)
            if (heads[i] == head) return matrices[i];
        return null;
    }
}
