using System.Numerics;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Metrics;

/// <summary>
/// Mean and covariance of a stream of feature vectors in double precision, without storing the vectors: what <see cref="FrechetDistance"/> compares.
/// </summary>
/// <remarks>
/// Instead of the covariance S its triangular factor R is kept, S = R^T R/(N - 1), and renewed by an orthogonal decomposition of blocks of samples. Neither squares nor their
/// differences are formed, so also fewer samples than features, or features that determine each other, are exact to rounding. Samples are taken in blocks of a fixed number:
/// how a stream is cut into calls does not change a bit.
/// </remarks>
public sealed class FeatureMoments
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
    /// <exception cref="ArgumentException">The length is no positive multiple of F.</exception>
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

    /// <summary>The covariance with divisor N - 1, [F, F].</summary>
    /// <exception cref="InvalidOperationException">Fewer than two vectors were added.</exception>
    public double[] Covariance()
    {
        using var scope = NewDisposeScope();
        var factor = Factor();
        return RowMajor.ToArray(factor.t().mm(factor));
    }

    /// <summary>R/(N - 1)^(1/2), whose square R^T R/(N - 1) is the covariance, [at most F, F].</summary>
    internal Tensor Factor()
    {
        if (Count < 2) throw new InvalidOperationException($"A covariance needs at least 2 observations; there {(Count == 1 ? "is 1" : "are none")}.");
        Fold();
        return FilledRows().div_(Math.Sqrt(Count - 1));
    }

    /// <summary>Takes the block into mean and factor. With n samples before, m in the block and the difference e of their means, squared deviations grow by the block's own and by n m/(n + m) e e^T.</summary>
    private void Fold()
    {
        if (blockRows == 0) return;
        using var scope = NewDisposeScope();
        var block = RowMajor.ToTensor<double>(rows.AsSpan(factorRows * Features, blockRows * Features), Features);
        var blockMean = block.mean([0]);
        block.sub_(blockMean).data<double>().CopyTo(rows.AsSpan(factorRows * Features));
        double share = (double)blockRows / Count, scale = Math.Sqrt(folded * share);
        var step = Row(factorRows + blockRows);
        var means = blockMean.data<double>();
        for (int feature = 0; feature < Features; feature++)
        {
            double difference = means[feature] - mean[feature];
            step[feature] = scale * difference;
            mean[feature] += share * difference;
        }
        folded += blockRows;
        blockRows++;
        var (_, factor) = linalg.qr(FilledRows(), linalg.QRMode.R);
        (factorRows, blockRows) = ((int)factor.shape[0], 0);
        RowMajor.ToArray(factor).CopyTo(rows, 0);
    }

    private Tensor FilledRows() => RowMajor.ToTensor<double>(rows.AsSpan(0, (factorRows + blockRows) * Features), Features);

    private Span<double> Row(int row) => rows.AsSpan(row * Features, Features);
}
