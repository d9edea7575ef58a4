using System.Runtime.InteropServices;

namespace VariationalSparseCoding;

/// <summary>Matrices of .NET as what the inside works on: rows one after the other.</summary>
internal static class Matrices
{
    /// <summary>The values of a matrix, row after row; a view.</summary>
    /// <param name="matrix">The matrix.</param>
    public static ReadOnlySpan<float> Values(float[,] matrix) =>
        MemoryMarshal.CreateReadOnlySpan(ref System.Runtime.CompilerServices.Unsafe.As<byte, float>(ref MemoryMarshal.GetArrayDataReference(matrix)), matrix.Length);

    /// <summary>A matrix of values.</summary>
    /// <param name="values">Row after row, [rows, columns].</param>
    /// <param name="columns">Columns.</param>
    public static float[,] From(ReadOnlySpan<float> values, int columns)
    {
        float[,] matrix = new float[values.Length / columns, columns];
        values.CopyTo(MemoryMarshal.CreateSpan(ref System.Runtime.CompilerServices.Unsafe.As<byte, float>(ref MemoryMarshal.GetArrayDataReference(matrix)), matrix.Length));
        return matrix;
    }
}
