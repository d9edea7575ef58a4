namespace VariationalSparseCoding.Numerics;

/// <summary>Contiguous parts of a range of work, one per thread.</summary>
internal static class ParallelRanges
{
    /// <summary>Calls <paramref name="body"/>(first, end) for parts that cover [0, <paramref name="count"/>).</summary>
    /// <param name="count">Number of items.</param>
    /// <param name="threads">At least 1; 1 runs on the calling thread.</param>
    /// <param name="body">The work of one part; parts run at the same time.</param>
    public static void Run(int count, int threads, Action<int, int> body)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        int parts = Math.Min(threads, count);
        if (parts <= 1) body(0, count);
        else Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = parts }, part => body(Bound(part), Bound(part + 1)));

        int Bound(int part) => (int)((long)count * part / parts);
    }
}
