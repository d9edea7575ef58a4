using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VariationalSparseCoding.Kernels;

/// <summary>
/// Rows of float32 numbers that start at a cache line and never move, so that kernels may keep pointers to them while the matrix is reachable:
/// whoever hands out an <see cref="Operand"/> keeps the matrix alive until the work is done.
/// </summary>
internal sealed class FloatMatrix
{
    private const int CacheLine = 64, CacheLineNumbers = CacheLine / sizeof(float);

    private readonly float[] memory;
    private readonly int offset;

    /// <summary>Zeros.</summary>
    /// <param name="rows">Number of rows, at least 0.</param>
    /// <param name="columns">Numbers of a row, at least 0.</param>
    /// <param name="padded">
    /// Whether each row starts at a cache line of its own, an odd number of lines after the one before: neighbouring rows then do not compete for the same
    /// places of the caches. Otherwise rows follow each other without a gap.
    /// </param>
    public unsafe FloatMatrix(int rows, int columns, bool padded = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        (Rows, Columns, Stride) = (rows, columns, padded ? PaddedStride(columns) : columns);
        memory = GC.AllocateArray<float>(checked(rows * Stride + CacheLineNumbers), pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(memory));
        offset = (int)((CacheLine - address % CacheLine) % CacheLine / sizeof(float));
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Numbers of a row.</summary>
    public int Columns { get; }

    /// <summary>Distance from the start of a row to that of the next.</summary>
    public int Stride { get; }

    /// <summary>The matrix as an operand of <see cref="MatrixProduct"/>.</summary>
    public unsafe MatrixOperand Operand => new((float*)Unsafe.AsPointer(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(memory), offset)), Stride);

    /// <summary>All numbers, row after row, those between the rows included.</summary>
    public Span<float> Memory => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(memory), offset), Rows * Stride);

    /// <summary>All numbers of a matrix without gaps, row after row.</summary>
    /// <exception cref="InvalidOperationException">There are gaps between the rows.</exception>
    public Span<float> All => Slice(0, Rows);

    /// <summary>A row.</summary>
    /// <param name="row">Its number.</param>
    public Span<float> this[int row]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
            return MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(memory), offset + row * Stride), Columns);
        }
    }

    /// <summary>Some rows of a matrix without gaps.</summary>
    /// <param name="firstRow">The first.</param>
    /// <param name="rows">How many.</param>
    /// <exception cref="InvalidOperationException">There are gaps between the rows.</exception>
    public Span<float> Slice(int firstRow, int rows) => Stride == Columns ? Memory.Slice(firstRow * Stride, rows * Stride)
        : throw new InvalidOperationException("The rows do not follow each other without gaps.");

    /// <summary>Copies rows of the transpose of another matrix.</summary>
    /// <param name="source">The other matrix, [columns, rows] of this one.</param>
    /// <param name="firstRow">The first row that is written.</param>
    /// <param name="rows">How many are.</param>
    public void CopyTransposed(FloatMatrix source, int firstRow, int rows)
    {
        const int Block = 16;
        if (source.Rows != Columns || source.Columns != Rows) throw new ArgumentException($"A matrix [{source.Rows}, {source.Columns}] is not the transpose of one [{Rows}, {Columns}].", nameof(source));
        for (int row = firstRow; row < firstRow + rows; row += Block)
        {
            int height = Math.Min(Block, firstRow + rows - row);
            for (int column = 0; column < Columns; column += Block)
            {
                int width = Math.Min(Block, Columns - column);
                for (int j = 0; j < width; j++)
                {
                    var values = source[column + j].Slice(row, height);
                    ref float target = ref Unsafe.Add(ref MemoryMarshal.GetReference(Memory), row * Stride + column + j);
                    for (int i = 0; i < values.Length; i++) Unsafe.Add(ref target, i * Stride) = values[i];
                }
            }
        }
    }

    private static int PaddedStride(int columns)
    {
        int lines = (columns + CacheLineNumbers - 1) / CacheLineNumbers;
        return (lines | 1) * CacheLineNumbers;
    }
}
