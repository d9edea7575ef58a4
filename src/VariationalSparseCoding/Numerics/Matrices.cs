using System.Runtime.InteropServices;

namespace VariationalSparseCoding.Numerics;

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

    /// <summary>The rows of a jagged array one after the other.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="name">The argument, for messages.</param>
    /// <param name="columns">Receives the length of each row; 0 where there is none.</param>
    /// <exception cref="ArgumentNullException">The array or a row is null.</exception>
    /// <exception cref="InvalidInputException">The rows have different lengths.</exception>
    public static float[] Flatten(float[][] rows, string name, out int columns)
    {
        ArgumentNullException.ThrowIfNull(rows, name);
        columns = rows.FirstOrDefault()?.Length ?? 0;
        return Flatten(rows, name, columns);
    }

    /// <summary>The rows of a jagged array one after the other.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="name">The argument, for messages.</param>
    /// <param name="columns">The length that each row must have.</param>
    /// <exception cref="ArgumentNullException">The array or a row is null.</exception>
    /// <exception cref="InvalidInputException">A row has another length.</exception>
    public static float[] Flatten(float[][] rows, string name, int columns)
    {
        ArgumentNullException.ThrowIfNull(rows, name);
        float[] values = new float[checked(rows.Length * columns)];
        for (int i = 0; i < rows.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(rows[i], $"{name}[{i}]");
            if (rows[i].Length != columns) throw new InvalidInputException($"{name}: row {i} has {rows[i].Length} values where {columns} are expected.");
            rows[i].CopyTo(values, i * columns);
        }
        return values;
    }

    /// <summary>Values as a jagged array.</summary>
    /// <param name="values">Row after row, [rows, columns].</param>
    /// <param name="columns">Columns.</param>
    public static float[][] Rows(ReadOnlySpan<float> values, int columns)
    {
        float[][] rows = new float[values.Length / columns][];
        for (int i = 0; i < rows.Length; i++) rows[i] = values.Slice(i * columns, columns).ToArray();
        return rows;
    }
}
