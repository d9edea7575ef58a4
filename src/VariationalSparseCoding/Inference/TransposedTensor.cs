using System.Runtime.InteropServices;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Inference;

/// <summary>A matrix without gaps whose transpose is a tensor of a file.</summary>
/// <param name="name">The name in files.</param>
/// <param name="matrix">The matrix, [n, m] where the file has [m, n].</param>
internal sealed class TransposedTensor(string name, FloatMatrix matrix) : StateTensor(name, SafetensorsType.F32, [matrix.Columns, matrix.Rows])
{
    public override ReadOnlySpan<byte> Read() => MemoryMarshal.AsBytes<float>(Values());

    public override void Write(ReadOnlySpan<byte> values) => Set(MemoryMarshal.Cast<byte, float>(values));

    /// <summary>Returns a copy of the file's tensor.</summary>
    public float[] Values()
    {
        var transposed = new FloatMatrix(matrix.Columns, matrix.Rows);
        transposed.CopyTransposed(matrix, 0, transposed.Rows);
        return transposed.All.ToArray();
    }

    /// <summary>Replaces the matrix.</summary>
    /// <param name="values">The file's tensor.</param>
    public void Set(ReadOnlySpan<float> values)
    {
        var transposed = new FloatMatrix(matrix.Columns, matrix.Rows);
        values.CopyTo(transposed.All);
        matrix.CopyTransposed(transposed, 0, matrix.Rows);
    }
}
