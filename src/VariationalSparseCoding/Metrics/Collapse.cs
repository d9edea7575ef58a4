using System.Numerics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Metrics;

/// <summary>Which latents have collapsed.</summary>
/// <param name="Collapsed">For each latent whether it has, [d].</param>
internal sealed record CollapseResult(IReadOnlyList<bool> Collapsed)
{
    /// <summary>Collapsed latents over all latents, in [0, 1].</summary>
    public double Fraction => (double)Collapsed.Count(collapsed => collapsed) / Collapsed.Count;
}

/// <summary>Posterior and feature collapse (paper Table 2; docs/mathematics.md section 6.4).</summary>
internal static class Collapse
{
    /// <summary>Posterior collapse: latents whose KL is at most the tolerance for at least the share of samples.</summary>
    /// <param name="divergences">KL of each sample's latents in nats, with 0.1 times the Gamma KL where thresholds are learned, [N, d].</param>
    /// <param name="latents">d.</param>
    /// <param name="tolerance">In nats; the paper's 1e-2.</param>
    /// <param name="share">In (0, 1]; the paper's 0.95.</param>
    /// <returns>A latent with NaN divergences counts as not collapsed on those samples.</returns>
    public static CollapseResult Posterior<T>(ReadOnlySpan<T> divergences, int latents, double tolerance = 1e-2, double share = 0.95) where T : INumber<T> =>
        NearZero(divergences, latents, tolerance, share);

    /// <summary>Feature collapse: features whose code is within the tolerance of zero for at least the share of samples.</summary>
    /// <param name="codes">Codes, [N, d].</param>
    /// <param name="features">d.</param>
    /// <param name="tolerance">On |z|; the paper's 1e-2.</param>
    /// <param name="share">In (0, 1]; the paper's 0.95. A threshold that leaves fewer than 5% of the samples active collapses a feature by this definition.</param>
    public static CollapseResult Feature<T>(ReadOnlySpan<T> codes, int features, double tolerance = 1e-2, double share = 0.95) where T : INumber<T> =>
        NearZero(codes, features, tolerance, share);

    private static CollapseResult NearZero<T>(ReadOnlySpan<T> values, int columns, double tolerance, double share) where T : INumber<T>
    {
        int rows = RowMajor.Rows(values, columns, nameof(values));
        int[] counts = new int[columns];
        for (int row = 0; row < rows; row++)
        {
            var rowValues = values.Slice(row * columns, columns);
            for (int column = 0; column < columns; column++)
                if (double.CreateTruncating(T.Abs(rowValues[column])) <= tolerance) counts[column]++;
        }
        return new CollapseResult([.. counts.Select(count => (double)count / rows >= share)]);
    }
}
