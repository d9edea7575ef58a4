using VariationalSparseCoding.Kernels;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Networks;

/// <summary>A float32 matrix on the processor whose rows stand an odd number of cache lines apart, so that the rows that a <see cref="MatrixProduct"/> reads together do not compete for the same places of a cache.</summary>
internal sealed class PaddedMatrix : IDisposable
{
    private readonly Tensor whole;
    private readonly int stride;

    /// <summary>Creates a matrix of zeros.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    public PaddedMatrix(int rows, int columns)
    {
        const int Line = 16;
        stride = (columns + Line - 1) / Line * Line;
        if (stride / Line % 2 == 0) stride += Line;
        whole = zeros([rows, stride]).DetachFromDisposeScope();
        View = whole.narrow(1, 0, columns).DetachFromDisposeScope();
    }

    /// <summary>The matrix, [rows, columns].</summary>
    public Tensor View { get; }

    /// <summary>Numbers from one row to the next.</summary>
    public int Stride => stride;

    /// <summary>The matrix as a product's operand. Valid as long as the matrix.</summary>
    public unsafe MatrixOperand Operand
    {
        get
        {
            fixed (float* start = whole.Span<float>()) return new(start, stride);
        }
    }

    /// <summary>All rows with what pads them, [rows, <see cref="Stride"/>].</summary>
    public Span<float> Whole => whole.Span<float>();

    public void Dispose()
    {
        View.Dispose();
        whole.Dispose();
    }
}
