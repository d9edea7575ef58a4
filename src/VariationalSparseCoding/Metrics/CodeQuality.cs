using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Metrics;

/// <summary>
/// Codes of samples in the terms in which sparse autoencoders are compared. Sums are in double precision, in the order of the samples.
/// </summary>
/// <param name="Samples">N.</param>
/// <param name="UnexplainedFraction">sum ||x - x'||^2 / sum ||x - mean x||^2, the fraction of variance unexplained; where all samples are equal, 0 if they are reconstructed and else 1.</param>
/// <param name="L0">Mean over samples of the number of active features: codes that are not exactly zero.</param>
/// <param name="Cosine">Mean over samples of the cosine of x and x'; 0 where one of them is 0.</param>
/// <param name="NormRatio">sum ||x'|| / sum ||x||: below 1 where reconstructions are too short.</param>
/// <param name="FiringRates">For each feature the share of samples in which it is active, [d].</param>
internal sealed record CodeQuality(int Samples, double UnexplainedFraction, double L0, double Cosine, double NormRatio, IReadOnlyList<double> FiringRates)
{
    /// <summary>Features that are active in more than this share of the samples are dense.</summary>
    public const double DenseRate = 0.1;

    /// <summary>Bins of <see cref="Histogram"/> for each power of ten, and the powers of ten below 1 that have bins of their own.</summary>
    public const int BinsPerDecade = 2, Decades = 6;

    /// <summary>1 - <see cref="UnexplainedFraction"/>, the explained variance.</summary>
    public double ExplainedVariance => 1 - UnexplainedFraction;

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

    /// <summary>Measures codes.</summary>
    /// <param name="samples">x, [N, D].</param>
    /// <param name="reconstructions">x', [N, D].</param>
    /// <param name="dimension">D.</param>
    /// <param name="codes">z, [N, d].</param>
    /// <param name="features">d.</param>
    public static CodeQuality Of(ReadOnlySpan<float> samples, ReadOnlySpan<float> reconstructions, int dimension, ReadOnlySpan<float> codes, int features)
    {
        int count = RowMajor.Rows(samples, dimension, nameof(samples));
        RowMajor.RequireLength(reconstructions, samples.Length, nameof(reconstructions));
        RowMajor.RequireLength(codes, (long)count * features, nameof(codes));
        double[] means = new double[dimension];
        for (int i = 0; i < samples.Length; i++) means[i % dimension] += samples[i] / (double)count;
        double error = 0, variance = 0, cosines = 0, norms = 0, reconstructedNorms = 0;
        for (int first = 0; first < samples.Length; first += dimension)
        {
            double product = 0, square = 0, reconstructedSquare = 0;
            for (int i = 0; i < dimension; i++)
            {
                double x = samples[first + i], y = reconstructions[first + i], distance = x - means[i];
                (product, square, reconstructedSquare) = (product + x * y, square + x * x, reconstructedSquare + y * y);
                (error, variance) = (error + (x - y) * (x - y), variance + distance * distance);
            }
            double both = Math.Sqrt(square) * Math.Sqrt(reconstructedSquare);
            cosines += both == 0 ? 0 : product / both;
            (norms, reconstructedNorms) = (norms + Math.Sqrt(square), reconstructedNorms + Math.Sqrt(reconstructedSquare));
        }
        double[] rates = new double[features];
        for (int i = 0; i < codes.Length; i++)
            if (codes[i] != 0) rates[i % features]++;
        double active = rates.Sum();
        for (int feature = 0; feature < features; feature++) rates[feature] /= count;
        return new(count, variance == 0 ? Math.Sign(error) : error / variance, active / count, cosines / count, norms == 0 ? 0 : reconstructedNorms / norms, rates);
    }
}
