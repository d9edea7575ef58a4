namespace VariationalSparseCoding.Numerics;

/// <summary>A span over memory that its maker holds in place, for closures that run on several threads. Valid as long as the memory is held.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <param name="start">The first element.</param>
/// <param name="length">How many there are.</param>
internal readonly unsafe struct PinnedSpan<T>(T* start, int length) where T : unmanaged
{
    /// <summary>The elements.</summary>
    public ReadOnlySpan<T> Span => new(start, length);
}
