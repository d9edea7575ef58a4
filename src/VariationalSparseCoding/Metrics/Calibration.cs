namespace VariationalSparseCoding.Metrics;

/// <summary>How well probabilities agree with how often what they are of happens: the reliability diagram, and the expected calibration error.</summary>
internal sealed class Calibration
{
    /// <summary>Bins of equal width in [0, 1].</summary>
    public const int Bins = 15;

    private readonly long[] counts = new long[Bins], happened = new long[Bins];
    private readonly double[] sums = new double[Bins];

    /// <summary>The bins that hold something: the mean probability, how often it happened, and the number.</summary>
    public IReadOnlyList<(double Probability, double Frequency, long Count)> Diagram =>
        [.. Enumerable.Range(0, Bins).Where(bin => counts[bin] > 0).Select(bin => (sums[bin] / counts[bin], (double)happened[bin] / counts[bin], counts[bin]))];

    /// <summary>The mean over all probabilities of |mean probability - frequency| of their bin; NaN where there are none.</summary>
    public double ExpectedError
    {
        get
        {
            long all = counts.Sum();
            return all == 0 ? double.NaN : Diagram.Sum(bin => bin.Count * Math.Abs(bin.Probability - bin.Frequency)) / all;
        }
    }

    /// <summary>Adds a probability.</summary>
    /// <param name="probability">In [0, 1].</param>
    /// <param name="happens">Whether it happened.</param>
    public void Add(double probability, bool happens)
    {
        int bin = Math.Min(Bins - 1, (int)(probability * Bins));
        counts[bin]++;
        sums[bin] += probability;
        if (happens) happened[bin]++;
    }
}
