using System.Numerics;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Reproduction.Metrics;

/// <summary>
/// Mean and covariance of a stream of feature vectors in double precision, without storing the vectors: what <see cref="FrechetDistance"/> compares.
/// </summary>
/// <remarks>
/// Instead of the covariance S a factor R is kept, S = R^T R/(N - 1), and made triangular again by an orthogonal decomposition after each block of samples. Neither squares nor their
/// differences are formed, so also fewer samples than features, or features that determine each other, are exact to rounding. Samples are taken in blocks of a fixed number:
/// how a stream is cut into calls does not change a bit.
/// </remarks>
internal sealed class FeatureMoments
{
    private const int SmallestBlock = 256;

    // Rows of the factor, then the samples of the block that is being filled, then room for one row more.
    private readonly double[] rows, mean;
    private readonly int blockSize;
    private int factorRows, blockRows;
    private long folded;

    /// <summary>Begins an empty stream; takes 16 F (F + 128) bytes or more.</summary>
    /// <param name="features">Features per vector, F.</param>
    public FeatureMoments(int features)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        Features = features;
        blockSize = Math.Max(features, SmallestBlock);
        rows = new double[(features + blockSize + 1) * (long)features];
        mean = new double[features];
    }

    /// <summary>F.</summary>
    public int Features { get; }

    /// <summary>How many vectors were added, N.</summary>
    public long Count => folded + blockRows;

    /// <summary>Adds vectors.</summary>
    /// <param name="vectors">Feature vectors, [B, F], finite.</param>
    /// <exception cref="ArgumentException">The length is not a positive multiple of F.</exception>
    /// <exception cref="InvalidInputException">A feature is infinite or not a number.</exception>
    public void Add<T>(ReadOnlySpan<T> vectors) where T : INumberBase<T>
    {
        int count = RowMajor.Rows(vectors, Features, nameof(vectors));
        for (int row = 0; row < count; row++)
        {
            var destination = Row(factorRows + blockRows);
            for (int feature = 0; feature < destination.Length; feature++)
            {
                double value = destination[feature] = double.CreateTruncating(vectors[row * Features + feature]);
                if (!double.IsFinite(value)) throw new InvalidInputException($"Feature {feature} of sample {Count} is {value}; check the images and the feature network.");
            }
            if (++blockRows == blockSize) Fold();
        }
    }

    /// <summary>The mean of each feature, [F]; zeros before the first vector.</summary>
    public double[] Mean()
    {
        Fold();
        return [.. mean];
    }

    /// <summary>Returns a factor R/(N - 1)^(1/2), whose square R^T R/(N - 1) is the covariance.</summary>
    /// <returns>Row-major, [at most F, F].</returns>
    /// <exception cref="InvalidOperationException">Fewer than two vectors were added.</exception>
    public double[] Factor()
    {
        if (Count < 2) throw new InvalidOperationException($"A covariance needs at least 2 observations; there {(Count == 1 ? "is 1" : "are none")}.");
        Fold();
        double scale = 1 / Math.Sqrt(Count - 1);
        return Array.ConvertAll(rows[..(factorRows * Features)], value => scale * value);
    }

    /// <summary>Takes the block into mean and factor. With n samples before, m in the block and the difference e of their means, squared deviations grow by the block's own and by n m/(n + m) e e^T.</summary>
    private void Fold()
    {
        if (blockRows == 0) return;
        Span<double> block = rows.AsSpan(factorRows * Features, blockRows * Features), step = Row(factorRows + blockRows);
        double[] blockMean = new double[Features];
        for (int i = 0; i < block.Length; i++) blockMean[i % Features] += block[i];
        for (int feature = 0; feature < Features; feature++) blockMean[feature] /= blockRows;
        for (int i = 0; i < block.Length; i++) block[i] -= blockMean[i % Features];
        double share = (double)blockRows / Count, scale = Math.Sqrt(folded * share);
        for (int feature = 0; feature < Features; feature++)
        {
            double difference = blockMean[feature] - mean[feature];
            step[feature] = scale * difference;
            mean[feature] += share * difference;
        }
        folded += blockRows;
        (factorRows, blockRows) = (factorRows + blockRows + 1, 0);
        if (factorRows > Features) Triangulate();
    }

    /// <summary>Replaces the rows by the F rows of their triangular factor. Fewer rows than that are a factor as they are.</summary>
    private void Triangulate()
    {
        var stacked = new DenseMatrix(factorRows, Features, RowMajor.Transposed<double>(rows.AsSpan(0, factorRows * Features), Features));
        stacked.QR(QRMethod.Thin).R.ToRowMajorArray().CopyTo(rows, 0);
        factorRows = Features;
    }

    private Span<double> Row(int row) => rows.AsSpan(row * Features, Features);
}
