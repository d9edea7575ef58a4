namespace VariationalSparseCoding.Reproduction.Benchmarks;

/// <summary>The median of measured times.</summary>
internal static class MedianTime
{
    /// <summary>The middle of the times in order, the upper one of two.</summary>
    /// <param name="times">The times, at least one.</param>
    public static double Of(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
