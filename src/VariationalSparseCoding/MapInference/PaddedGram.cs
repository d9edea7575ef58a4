using System.Runtime.InteropServices;
using VariationalSparseCoding.Kernels;
using static TorchSharp.torch;

namespace VariationalSparseCoding.MapInference;

/// <summary>A^T A in float64 with rows padded for the kernels. Safe for reading from several threads.</summary>
internal sealed class PaddedGram
{
    private readonly Memory<double> values;

    /// <param name="gram">A^T A, [d, d], float64.</param>
    public PaddedGram(Tensor gram)
    {
        Atoms = (int)gram.shape[0];
        Stride = LassoKernels.PaddedLength(Atoms);
        values = LassoKernels.Allocate(checked(Atoms * Stride));
        using var host = gram.cpu();
        var source = MemoryMarshal.Cast<byte, double>(host.bytes);
        for (int row = 0; row < Atoms; row++) source.Slice(row * Atoms, Atoms).CopyTo(values.Span.Slice(row * Stride, Atoms));
    }

    /// <summary>d.</summary>
    public int Atoms { get; }

    /// <summary>The padded length of a row.</summary>
    public int Stride { get; }

    /// <summary>All rows, [d, <see cref="Stride"/>].</summary>
    public ReadOnlySpan<double> Rows => values.Span;

    /// <summary>The inner products of an atom with all atoms, [<see cref="Stride"/>].</summary>
    public ReadOnlySpan<double> Row(int atom) => values.Span.Slice(atom * Stride, Stride);
}
