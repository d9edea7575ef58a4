using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Metrics;

/// <summary>
/// Codes of samples in the terms in which sparse autoencoders are compared. x are samples after the normalisation, x' their reconstructions. Sums are in double precision, in the order of the samples.
/// </summary>
public sealed class CodeQuality
{
    /// <summary>Features that are active in more than this share of the samples are dense.</summary>
    public const double DenseRate = 0.1;

    /// <summary>Bins of <see cref="Histogram"/> for each power of ten, and the powers of ten below 1 that have bins of their own.</summary>
    internal const int BinsPerDecade = 2, Decades = 6;

    private CodeQuality()
    {
    }

    /// <summary>How many samples there are, N.</summary>
    public int Samples { get; private init; }

    /// <summary>The mean over samples of ||x - mean x||^2.</summary>
    internal double Variance { get; private init; }

    /// <summary>1 - <see cref="UnexplainedFraction"/>, the explained variance.</summary>
    public double ExplainedVariance => 1 - UnexplainedFraction;

    /// <summary>sum ||x - x'||^2 / sum ||x - mean x||^2, the fraction of variance unexplained; where all samples are equal, 0 if they are reconstructed and else 1.</summary>
    public double UnexplainedFraction { get; private init; }

    /// <summary>Mean over samples of the number of active features: codes that are not exactly zero.</summary>
    public double L0 { get; private init; }

    /// <summary>Mean over samples of the cosine of x and x'; 0 where one of them is 0.</summary>
    public double Cosine { get; private init; }

    /// <summary>sum ||x'|| / sum ||x||: below 1 where reconstructions are too short.</summary>
    public double NormRatio { get; private init; }

    /// <summary>For each feature the share of samples in which it is active, [d].</summary>
    public IReadOnlyList<double> FiringRates { get; private init; } = [];

    /// <summary>How many features are active in no sample.</summary>
    public int Dead => FiringRates.Count(rate => rate == 0);

    /// <summary>How many features are active in more than <see cref="DenseRate"/> of the samples.</summary>
    public int Dense => FiringRates.Count(rate => rate > DenseRate);

    /// <summary>
    /// How many features have a firing rate of each size, dead ones left out: half a power of ten a bin, the first from 10^-6 (and below) to 10^-5.5, the last from 10^-0.5 to 1.
    /// </summary>
    public IReadOnlyList<int> Histogram
    {
        get
        {
            int[] counts = new int[Decades * BinsPerDecade];
            foreach (double rate in FiringRates.Where(rate => rate > 0)) counts[Math.Clamp((int)Math.Floor((Math.Log10(rate) + Decades) * BinsPerDecade), 0, counts.Length - 1)]++;
            return counts;
        }
    }

    /// <summary>For each feature the share of codes in which it is not exactly zero, [d].</summary>
    /// <param name="codes">z, [N, d].</param>
    /// <param name="features">d.</param>
    internal static double[] Rates(ReadOnlySpan<float> codes, int features)
    {
        double[] rates = new double[features];
        for (int i = 0; i < codes.Length; i++)
            if (codes[i] != 0) rates[i % features]++;
        for (int feature = 0; feature < features; feature++) rates[feature] /= codes.Length / features;
        return rates;
    }

    /// <summary>Measures codes.</summary>
    /// <param name="samples">x, [N, D].</param>
    /// <param name="reconstructions">x', [N, D].</param>
    /// <param name="dimension">D.</param>
    /// <param name="codes">z, [N, d].</param>
    /// <param name="features">d.</param>
    internal static CodeQuality Of(ReadOnlySpan<float> samples, ReadOnlySpan<float> reconstructions, int dimension, ReadOnlySpan<float> codes, int features)
    {
        int count = RowMajor.Rows(samples, dimension, nameof(samples));
        RowMajor.RequireLength(reconstructions, samples.Length, nameof(reconstructions));
        RowMajor.RequireLength(codes, (long)count * features, nameof(codes));
        var moments = new RunningMoments(dimension);
        moments.AddRows(samples);
        double error = 0, cosines = 0, norms = 0, reconstructedNorms = 0, variance = moments.SquaredDistance;
        for (int first = 0; first < samples.Length; first += dimension)
        {
            double product = 0, square = 0, reconstructedSquare = 0;
            for (int i = 0; i < dimension; i++)
            {
                double x = samples[first + i], y = reconstructions[first + i];
                (product, square, reconstructedSquare) = (product + x * y, square + x * x, reconstructedSquare + y * y);
                error += (x - y) * (x - y);
            }
            double both = Math.Sqrt(square) * Math.Sqrt(reconstructedSquare);
            cosines += both == 0 ? 0 : product / both;
            (norms, reconstructedNorms) = (norms + Math.Sqrt(square), reconstructedNorms + Math.Sqrt(reconstructedSquare));
        }
        double[] rates = Rates(codes, features);
        return new()
        {
            Samples = count,
            Variance = variance / count,
            UnexplainedFraction = variance == 0 ? Math.Sign(error) : error / variance,
            L0 = rates.Sum(),
            Cosine = cosines / count,
            NormRatio = norms == 0 ? 0 : reconstructedNorms / norms,
            FiringRates = rates,
        };
    }
}
