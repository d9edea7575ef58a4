namespace VariationalSparseCoding.Posteriors;

/// <summary>The streams of a sample's noise: which of several random numbers of the same draw and feature is meant.</summary>
internal static class NoiseStreams
{
    /// <summary>The standard normal or Laplacian variate.</summary>
    public const int Base = 0;

    /// <summary>The uniform variate of a spike.</summary>
    public const int Spike = 1;

    /// <summary>The uniform variate that chooses among an input's draws by their weights.</summary>
    public const int Choice = 100;
}
