using System.Numerics;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Metrics;

/// <summary>Frechet distance between Gaussians fitted to two sets of feature vectors (Heusel et al. 2017; SPEC 6.7). It is an FID only if the features are those of its Inception network.</summary>
public static class FrechetDistance
{
    /// <summary>||m1 - m2||^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)) with sample covariances S (divisor N - 1).</summary>
    /// <remarks>
    /// With the triangular factors R of the centred features, S = R^T R/(N - 1) and the trace of the root is the nuclear norm of R1 R2^T over the root of both divisors: no covariance
    /// is formed and no eigenvalue of rounding noise is rooted, so also N &lt; D and rank-deficient features are exact to rounding.
    /// </remarks>
    /// <param name="first">Features of the first set, [N1, D], N1 at least 2.</param>
    /// <param name="second">Features of the second set, [N2, D], N2 at least 2.</param>
    /// <param name="features">D.</param>
    /// <returns>The squared distance; at least 0 up to rounding.</returns>
    public static double Squared<T>(ReadOnlySpan<T> first, ReadOnlySpan<T> second, int features) where T : INumberBase<T>
    {
        RequireTwo(RowMajor.Rows(first, features, nameof(first)), nameof(first));
        RequireTwo(RowMajor.Rows(second, features, nameof(second)), nameof(second));
        using var scope = NewDisposeScope();
        var (mean1, factor1) = Moments(RowMajor.ToTensor(first, features));
        var (mean2, factor2) = Moments(RowMajor.ToTensor(second, features));
        return SquaredNorm(mean1 - mean2) + SquaredNorm(factor1) + SquaredNorm(factor2) - 2 * NuclearNorm(factor1.mm(factor2.t()));
    }

    /// <summary>
    /// The quantity that the paper's code published as FID: samples and features change places in the covariances, so they are [N, N], each sample is centred by the mean of its own
    /// features, and the divisor is D - 1. Only for comparison with the published numbers; it is not a distance between distributions.
    /// </summary>
    /// <remarks>||m1 - m2||^2 + (||M1||_F^2 + ||M2||_F^2 - 2 ||M1^T M2||_nuclear)/(D - 1), M the row-centred features: no [N, N] root is needed.</remarks>
    /// <param name="first">Features of the first set, [N, D].</param>
    /// <param name="second">Features of the second set, [N, D], of as many samples.</param>
    /// <param name="features">D, at least 2.</param>
    public static double TransposedSquared<T>(ReadOnlySpan<T> first, ReadOnlySpan<T> second, int features) where T : INumberBase<T>
    {
        RequireTwo(features, nameof(features));
        RowMajor.Rows(first, features, nameof(first));
        RowMajor.RequireLength(second, first.Length, nameof(second));
        using var scope = NewDisposeScope();
        Tensor features1 = RowMajor.ToTensor(first, features), features2 = RowMajor.ToTensor(second, features);
        Tensor centred1 = features1 - features1.mean([1], keepdim: true), centred2 = features2 - features2.mean([1], keepdim: true);
        return SquaredNorm(features1.mean([0]) - features2.mean([0]))
            + (SquaredNorm(centred1) + SquaredNorm(centred2) - 2 * NuclearNorm(centred1.t().mm(centred2))) / (features - 1);
    }

    private static (Tensor Mean, Tensor Factor) Moments(Tensor samples)
    {
        Tensor mean = samples.mean([0]);
        var (_, triangular) = linalg.qr((samples - mean) / Math.Sqrt(samples.shape[0] - 1), linalg.QRMode.R);
        return (mean, triangular);
    }

    private static double SquaredNorm(Tensor values) => values.square().sum().item<double>();

    private static double NuclearNorm(Tensor matrix) => linalg.svdvals(matrix).sum().item<double>();

    private static void RequireTwo(int count, string name)
    {
        if (count < 2) throw new ArgumentException($"A covariance needs at least 2 observations; {name} gives {count}.", name);
    }
}
