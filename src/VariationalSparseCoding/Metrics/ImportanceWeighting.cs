using System.Numerics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Metrics;

/// <summary>The importance-weighted bound and the published softmax-weighted loss (paper section 4.1, K = 200; docs/mathematics.md section 6.2).</summary>
internal static class ImportanceWeighting
{
    /// <summary>The bound of Burda et al. (2016) for each input: log (1/K) sum_k w_k, in nats; its expectation is at most log p(x) and grows with K.</summary>
    /// <param name="logWeights">log w = log p(x|z) + log p(z) - log q(z|x), [B, K]; -infinity is a weight of zero.</param>
    /// <param name="samples">K.</param>
    /// <returns>[B].</returns>
    public static double[] Bound<T>(ReadOnlySpan<T> logWeights, int samples) where T : INumber<T>
    {
        double[] bounds = new double[RowMajor.Rows(logWeights, samples, nameof(logWeights))];
        for (int row = 0; row < bounds.Length; row++) bounds[row] = LogSumExp(logWeights.Slice(row * samples, samples)) - Math.Log(samples);
        return bounds;
    }

    /// <summary>
    /// The published loss for each input: sum_k softmax_k(-l_k) l_k. A weighted mean of losses and no bound on log p(x); in the loss's own units.
    /// </summary>
    /// <param name="losses">l = (1/D)||x - xhat||^2 + beta KL of each sample, [B, K]; +infinity has weight zero.</param>
    /// <param name="samples">K.</param>
    /// <returns>[B].</returns>
    public static double[] SoftmaxWeightedLoss<T>(ReadOnlySpan<T> losses, int samples) where T : INumber<T>
    {
        double[] means = new double[RowMajor.Rows(losses, samples, nameof(losses))];
        for (int row = 0; row < means.Length; row++)
        {
            var rowLosses = losses.Slice(row * samples, samples);
            double least = double.PositiveInfinity, weights = 0, excess = 0;
            foreach (T loss in rowLosses) least = Math.Min(least, double.CreateTruncating(loss));
            foreach (T loss in rowLosses)
            {
                double difference = double.CreateTruncating(loss) - least;
                double weight = Math.Exp(-difference);
                if (weight == 0) continue;
                weights += weight;
                excess += weight * difference;
            }
            means[row] = double.IsInfinity(least) ? least : least + excess / weights;
        }
        return means;
    }

    private static double LogSumExp<T>(ReadOnlySpan<T> values) where T : INumber<T>
    {
        double greatest = double.NegativeInfinity, sum = 0;
        foreach (T value in values) greatest = Math.Max(greatest, double.CreateTruncating(value));
        if (double.IsInfinity(greatest)) return greatest;
        foreach (T value in values) sum += Math.Exp(double.CreateTruncating(value) - greatest);
        return greatest + Math.Log(sum);
    }
}
