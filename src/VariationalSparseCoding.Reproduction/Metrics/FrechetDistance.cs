using System.Numerics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Reproduction.Metrics;

/// <summary>Frechet distance between Gaussians fitted to two sets of feature vectors (Heusel et al. 2017; docs/mathematics.md section 6.7). It is an FID only if the features are those of its Inception network.</summary>
internal static class FrechetDistance
{
    /// <summary>||m1 - m2||^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)) with sample covariances S (divisor N - 1).</summary>
    /// <remarks>
    /// With the triangular factors R of the centred features, S = R^T R/(N - 1) and the trace of the root is the nuclear norm of R1 R2^T over the root of both divisors: no covariance
    /// is formed and no eigenvalue of rounding noise is rooted, so also N &lt; F and rank-deficient features are exact to rounding.
    /// </remarks>
    /// <param name="first">Moments of the first set, of at least 2 samples.</param>
    /// <param name="second">Moments of the second set, of at least 2 samples and as many features.</param>
    /// <returns>The squared distance; at least 0 up to rounding.</returns>
    public static double Squared(FeatureMoments first, FeatureMoments second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Features != second.Features) throw new ArgumentException($"The sets have {first.Features} and {second.Features} features.", nameof(second));
        RequireTwo(first.Count, nameof(first));
        RequireTwo(second.Count, nameof(second));
        double[] factor1 = first.Factor(), factor2 = second.Factor();
        int features = first.Features;
        return SquaredDistance(first.Mean(), second.Mean()) + SquaredNorm(factor1) + SquaredNorm(factor2)
            - 2 * NuclearNorm(RowMajor.RowProducts(factor1, factor2, features), factor2.Length / features);
    }

    /// <summary>The distance between two sets of feature vectors that are in memory; see <see cref="Squared(FeatureMoments, FeatureMoments)"/>.</summary>
    /// <param name="first">Features of the first set, [N1, F], N1 at least 2.</param>
    /// <param name="second">Features of the second set, [N2, F], N2 at least 2.</param>
    /// <param name="features">F.</param>
    public static double Squared<T>(ReadOnlySpan<T> first, ReadOnlySpan<T> second, int features) where T : INumberBase<T>
    {
        FeatureMoments moments1 = new(features), moments2 = new(features);
        moments1.Add(first);
        moments2.Add(second);
        return Squared(moments1, moments2);
    }

    /// <summary>
    /// The quantity that the paper's code published as FID: samples and features change places in the covariances, so they are [N, N], each sample is centred by the mean of its own
    /// features, and the divisor is F - 1. Only for comparison with the published numbers; it is not a distance between distributions.
    /// </summary>
    /// <remarks>||m1 - m2||^2 + (||M1||_F^2 + ||M2||_F^2 - 2 ||M1^T M2||_nuclear)/(F - 1), M the row-centred features: no [N, N] root is needed.</remarks>
    /// <param name="first">Features of the first set, [N, F].</param>
    /// <param name="second">Features of the second set, [N, F], of as many samples.</param>
    /// <param name="features">F, at least 2.</param>
    public static double TransposedSquared<T>(ReadOnlySpan<T> first, ReadOnlySpan<T> second, int features) where T : INumberBase<T>
    {
        RequireTwo(features, nameof(features));
        RowMajor.Rows(first, features, nameof(first));
        RowMajor.RequireLength(second, first.Length, nameof(second));
        int count = first.Length / features;
        double[] features1 = RowMajor.Transposed(first, features), features2 = RowMajor.Transposed(second, features);
        double means = SquaredDistance(RowMeans(features1, count), RowMeans(features2, count));
        CentreColumns(features1, count);
        CentreColumns(features2, count);
        return means + (SquaredNorm(features1) + SquaredNorm(features2) - 2 * NuclearNorm(RowMajor.RowProducts(features1, features2, count), features)) / (features - 1);
    }

    private static double[] RowMeans(double[] matrix, int columns) =>
        [.. Enumerable.Range(0, matrix.Length / columns).Select(row => matrix.AsSpan(row * columns, columns).ToArray().Average())];

    private static void CentreColumns(double[] matrix, int columns)
    {
        double[] means = new double[columns];
        int rows = matrix.Length / columns;
        for (int i = 0; i < matrix.Length; i++) means[i % columns] += matrix[i] / rows;
        for (int i = 0; i < matrix.Length; i++) matrix[i] -= means[i % columns];
    }

    private static double SquaredDistance(double[] first, double[] second) => first.Zip(second, (one, other) => (one - other) * (one - other)).Sum();

    private static double SquaredNorm(double[] values)
    {
        double sum = 0;
        foreach (double value in values) sum += value * value;
        return sum;
    }

    /// <summary>
    /// The sum of the singular values, as norms of the columns of P V with the eigenvectors V of P^T P: several times as fast as the decomposition into singular values. Rounding puts
    /// errors of 1e-8 of the largest singular value on roots of eigenvalues, but only of 1e-16 on these norms, except for singular values that are about 1e-8 of the largest themselves.
    /// </summary>
    /// <param name="matrix">P, [rows, columns].</param>
    /// <param name="columns">Its columns.</param>
    private static double NuclearNorm(double[] matrix, int columns)
    {
        int rows = matrix.Length / columns, size = Math.Min(rows, columns);
        double[] transposed = RowMajor.Transposed<double>(matrix, columns);
        // P and its transpose have the same singular values: take the one with fewer columns.
        double[] tall = rows < columns ? transposed : matrix, wide = rows < columns ? matrix : transposed;
        var (_, vectors) = SymmetricEigen.Of(RowMajor.RowProducts(wide, wide, Math.Max(rows, columns)), size);
        double[] projections = RowMajor.RowProducts(tall, vectors, size), squares = new double[size];
        for (int i = 0; i < projections.Length; i++) squares[i % size] += projections[i] * projections[i];
        return squares.Sum(Math.Sqrt);
    }

    private static void RequireTwo(long count, string name)
    {
        if (count < 2) throw new ArgumentException($"A covariance needs at least 2 observations; {name} gives {count}.", name);
    }
}
