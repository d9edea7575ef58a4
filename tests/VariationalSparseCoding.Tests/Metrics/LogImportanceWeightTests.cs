using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Tests.MapInference;
using static VariationalSparseCoding.Tests.Metrics.Samples;

namespace VariationalSparseCoding.Tests.Metrics;

public class LogImportanceWeightTests
{
    private const double PriorSpread = 0.1;

    [Fact]
    public void Matches_the_reference_numbers()
    {
        foreach (var item in Fixtures.Read("equations_misc.json").GetProperty("iwae").EnumerateArray())
        {
            var family = item.GetProperty("family").GetString() == "laplacian" ? BaseFamily.Laplacian : BaseFamily.Gaussian;
            double[] means = item.GetProperty("mu").Numbers(), logSpreads = item.GetProperty("h").Numbers(), codes = item.GetProperty("z").Numbers();
            double[] sample = item.GetProperty("x").Numbers(), dictionary = item.GetProperty("dictionary").Numbers();
            double threshold = item.GetProperty("threshold").GetDouble(), variance = item.GetProperty("likelihood_variance").GetDouble();
            double[] logWeights = LogImportanceWeight.LogCodeRatio<double>(family, codes, means, logSpreads, PriorSpread, threshold);
            int features = means.Length;
            for (int k = 0; k < logWeights.Length; k++)
            {
                double[] reconstruction = [.. Enumerable.Range(0, sample.Length).Select(row => Enumerable.Range(0, features).Sum(i => dictionary[row * features + i] * codes[k * features + i]))];
                logWeights[k] += LogImportanceWeight.LogLikelihood<double>(sample, reconstruction, variance);
            }
            AssertClose(item.GetProperty("log_weights").Numbers(), logWeights, 1e-9);
            Assert.Equal(item.GetProperty("iwae_bound").GetDouble(), ImportanceWeighting.Bound<double>(logWeights, logWeights.Length).Single(), 1e-9);
        }
    }

    // The mean of p(z)/q(z) over draws from q is 1 whatever the two: it would not be if either were not a normalised distribution of the thresholded code.
    [Theory]
    [InlineData(BaseFamily.Gaussian, 0.3)]
    [InlineData(BaseFamily.Gaussian, 0)]
    [InlineData(BaseFamily.Laplacian, 0.15)]
    [InlineData(BaseFamily.Laplacian, 0)]
    public void Weights_of_the_posterior_average_to_one(BaseFamily family, double threshold)
    {
        const int count = 200_000;
        double mean = 0.1, logSpread = Math.Log(0.16);
        double[] codes = Draw(family, count, mean, logSpread, Enumerable.Repeat(threshold, count), 1);
        AssertMeanIsOne(LogImportanceWeight.LogCodeRatio<double>(family, codes, [mean], [logSpread], PriorSpread, threshold));
    }

    [Theory]
    [InlineData(BaseFamily.Gaussian)]
    [InlineData(BaseFamily.Laplacian)]
    public void Weights_with_drawn_thresholds_average_to_one(BaseFamily family)
    {
        const int count = 200_000, shape = 2;
        double mean = -0.08, logSpread = Math.Log(0.14), rate = 9, priorShape = 3, priorRate = 12;
        double[] uniforms = Uniforms(shape * count, 2);
        // A gamma variable of whole shape is a sum of exponentials.
        double[] thresholds = [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, shape).Sum(j => -Math.Log(uniforms[shape * i + j]) / rate))];
        double[] codes = Draw(family, count, mean, logSpread, thresholds, 3);
        double[] ratios = LogImportanceWeight.LogCodeRatio<double>(family, codes, [mean], [logSpread], PriorSpread, thresholds);
        double[] thresholdRatios = LogImportanceWeight.LogThresholdRatio<double>(thresholds, [shape], [rate], priorShape, priorRate);
        AssertMeanIsOne(thresholdRatios);
        AssertMeanIsOne([.. ratios.Zip(thresholdRatios, (code, drawn) => code + drawn)]);
    }

    [Fact]
    public void Equal_posterior_and_prior_have_weight_one()
    {
        double[] codes = SoftThreshold(Normals(12, 4), 0.5);
        double[] logSpreads = [.. Enumerable.Repeat(Math.Log(PriorSpread), 3)];
        foreach (var family in Enum.GetValues<BaseFamily>())
        {
            AssertClose(new double[4], LogImportanceWeight.LogCodeRatio<double>(family, codes, new double[3], logSpreads, PriorSpread, 0.5), 1e-12);
            AssertClose(new double[4], LogImportanceWeight.LogCodeRatio<double>(family, codes, new double[3], logSpreads, PriorSpread, Uniforms(12, 5).AsSpan()), 1e-12);
        }
        AssertClose(new double[4], LogImportanceWeight.LogThresholdRatio<double>(Uniforms(12, 6), [3, 3, 3], [7, 7, 7], 3, 7), 1e-12);
    }

    [Fact]
    public void Fixed_and_drawn_thresholds_agree_where_they_are_equal()
    {
        double[] codes = SoftThreshold(Normals(20, 7), 0.5), means = Normals(5, 8), logSpreads = Normals(5, 9);
        double[] thresholds = [.. Enumerable.Repeat(0.25, 20)];
        foreach (var family in Enum.GetValues<BaseFamily>())
            AssertClose(
                LogImportanceWeight.LogCodeRatio<double>(family, codes, means, logSpreads, PriorSpread, 0.25),
                LogImportanceWeight.LogCodeRatio<double>(family, codes, means, logSpreads, PriorSpread, thresholds.AsSpan()), 1e-12);
    }

    [Theory]
    [InlineData(BaseFamily.Gaussian, 50)]
    [InlineData(BaseFamily.Gaussian, -50)]
    [InlineData(BaseFamily.Laplacian, 30)]
    [InlineData(BaseFamily.Laplacian, -30)]
    public void Extreme_spreads_stay_finite_and_keep_their_digits(BaseFamily family, double logSpread)
    {
        // Wide: P(inactive) is the threshold times twice the density at the centre. Narrow: it is 1.
        double expectedPosterior = logSpread < 0 ? 0 : family == BaseFamily.Gaussian
            ? Math.Log(2 * 0.25) - 0.5 * (Math.Log(2 * Math.PI) + logSpread)
            : Math.Log(2 * 0.25) - Math.Log(2) - logSpread;
        double logPrior = family == BaseFamily.Gaussian ? SpecialFunctions.LogErf(0.25 / Math.Sqrt(2 * PriorSpread)) : Math.Log(1 - Math.Exp(-0.25 / PriorSpread));
        Assert.Equal(logPrior - expectedPosterior, LogImportanceWeight.LogCodeRatio<double>(family, [0], [0.3], [logSpread], PriorSpread, 0.25).Single(), 1e-12);
    }

    // One feature and one pixel: the evidence is an atom and a one-dimensional integral.
    [Fact]
    public void Bound_with_many_samples_reaches_the_evidence()
    {
        const int count = 400_000;
        const double sample = 0.4, variance = 0.05, threshold = 0.25, scale = 0.1, mean = 0.3;
        double evidence = (1 - Math.Exp(-threshold / scale)) * Density(0);
        for (double magnitude = 0.5e-5; magnitude < 5; magnitude += 1e-5)
            evidence += 1e-5 * Math.Exp(-(magnitude + threshold) / scale) / (2 * scale) * (Density(magnitude) + Density(-magnitude));
        double[] codes = Draw(BaseFamily.Laplacian, count, mean, Math.Log(0.2), Enumerable.Repeat(threshold, count), 10);
        double[] logWeights = LogImportanceWeight.LogCodeRatio<double>(BaseFamily.Laplacian, codes, [mean], [Math.Log(0.2)], scale, threshold);
        for (int k = 0; k < count; k++) logWeights[k] += LogImportanceWeight.LogLikelihood<double>([sample], [codes[k]], variance);
        Assert.Equal(Math.Log(evidence), ImportanceWeighting.Bound<double>(logWeights, count).Single(), 0.01);

        static double Density(double code) => Math.Exp(-(sample - code) * (sample - code) / (2 * variance)) / Math.Sqrt(2 * Math.PI * variance);
    }

    [Fact]
    public void Likelihood_is_a_product_of_normal_densities() =>
        Assert.Equal(-Math.Log(2 * Math.PI * 0.3) - (0.25 + 1) / 0.6, LogImportanceWeight.LogLikelihood<float>([1, 2], [0.5f, 3], 0.3), 1e-12);

    private static double[] Draw(BaseFamily family, int count, double mean, double logSpread, IEnumerable<double> thresholds, ulong seed)
    {
        double[] noise = family == BaseFamily.Gaussian
            ? Array.ConvertAll(Normals(count, seed), value => Math.Exp(logSpread / 2) * value)
            : Laplacians(count, Math.Exp(logSpread), seed);
        return [.. noise.Zip(thresholds, (value, threshold) => Math.Abs(value) > threshold ? mean + value - Math.CopySign(threshold, value) : 0)];
    }

    private static void AssertMeanIsOne(double[] logRatios)
    {
        double[] ratios = Array.ConvertAll(logRatios, Math.Exp);
        double mean = ratios.Average(), deviation = Math.Sqrt(ratios.Average(ratio => (ratio - mean) * (ratio - mean)));
        Assert.Equal(1, mean, 4 * deviation / Math.Sqrt(ratios.Length));
        Assert.InRange(deviation, 0.05, 20);
    }
}
