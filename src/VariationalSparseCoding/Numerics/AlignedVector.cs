using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VariationalSparseCoding.Numerics;

/// <summary>Float64 numbers that start at a cache line and stay there. Its span costs next to nothing, unlike that of a <see cref="Memory{T}"/>.</summary>
internal readonly struct AlignedVector
{
    private const int CacheLine = 64, CacheLineNumbers = CacheLine / sizeof(double);
    private readonly double[] array;
    private readonly int offset;

    /// <summary>Zeros.</summary>
    /// <param name="length">How many.</param>
    public unsafe AlignedVector(int length)
    {
        array = GC.AllocateArray<double>(length + CacheLineNumbers, pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        (offset, Length) = ((int)((CacheLine - address % CacheLine) % CacheLine / sizeof(double)), length);
    }

    private AlignedVector(double[] array, int offset, int length) => (this.array, this.offset, Length) = (array, offset, length);

    /// <summary>How many numbers there are.</summary>
    public int Length { get; }

    /// <summary>The numbers.</summary>
    public Span<double> Span => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(array), offset), Length);

    /// <summary>A part of them.</summary>
    /// <param name="first">Where it begins: a multiple of 8, to be aligned too.</param>
    /// <param name="length">How many.</param>
    public AlignedVector Slice(int first, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)(uint)first + (uint)length, (ulong)Length, nameof(length));
        return new(array, offset + first, length);
    }
}
