using VariationalSparseCoding.Reproduction;
using static VariationalSparseCoding.Reproduction.MetricNames;

namespace VariationalSparseCoding.Reporting;

/// <summary>The columns and notes of tables about convolutional generators (section 4.2).</summary>
internal static class ImageTables
{
    /// <summary>The columns of a target, each with the number of a variant.</summary>
    /// <param name="target">A target of images.</param>
    /// <param name="results">The results of one schedule.</param>
    public static IEnumerable<(ResultColumn Column, Func<string, double?> Cell)> Columns(ReproductionTarget target, ResultSet results) =>
        [.. Errors(results), .. IsAboutLabels(target) ? Correlations(target, results) : [], .. Codes(results), .. Distances(results)];

    /// <summary>What the numbers are, and what they are not.</summary>
    /// <param name="target">A target of images.</param>
    /// <param name="results">The results of one schedule.</param>
    public static IEnumerable<string> Notes(ReproductionTarget target, ResultSet results)
    {
        var own = results.All.Where(result => target.Variants.Contains(result.Variant)).ToList();
        int count = own.Select(result => result.Experiment.Data.ValidationSamples).DefaultIfEmpty(1).Max();
        yield return "The squared error is a mean over pixels with values in [0, 1]; the paper's Figure 7 shows its sum over evaluation batches, here divided by their number. Every method is evaluated with the best of 20 samples, as published, and with one sample.";
        yield return FormattableString.Invariant($"The plug-in multi-information cannot tell dependence once all codes differ: with {count:N0} images its joint entropy ends at log₂ N = {Math.Log2(count):F2} bits, and the numbers measure marginals. (The paper's N is 10,000 for Fashion-MNIST and 15,000 for CelebA.) The Gaussian copula does not saturate.");
        foreach (string network in own.Select(result => result.FeatureNetwork).OfType<string>().Distinct())
            yield return $"Distances: {network}. The published \"FID\" takes covariances over images instead of features, of another network and other images: the transposed column has the same formula, and no number here can be compared with the published ones but by its order.";
        if (!IsAboutLabels(target) && own.Any(result => !double.IsNaN(result[LargestCorrelation + MeanOverLabels])))
            yield return "The correlation is the mean over labels of the largest point-biserial correlation in magnitude with any feature.";
    }

    private static bool IsAboutLabels(ReproductionTarget target) => target.Name.StartsWith("figure8", StringComparison.Ordinal);

    private static IEnumerable<(ResultColumn, Func<string, double?>)> Errors(ResultSet results)
    {
        const string Group = "Squared error per pixel";
        yield return (new("squared_error", "best of 20", Group, 5), Mean(results, SquaredError + BestOf20));
        yield return (new("squared_error_published", "published", Group, 5), variant => Published(variant, row => row.SquaredError));
        yield return (new("squared_error_relative_difference", "relative", Group, 1, true), variant => results.Mean(variant, SquaredError + BestOf20) / Published(variant, row => row.SquaredError) - 1);
        foreach (var (ending, heading) in new[] { (SingleSample, "single sample"), (MetricNames.Mean, "posterior mean"), (ZeroCode, "all-zero code"), (MeanImage, "mean image") })
            yield return (new("squared_error" + ending, heading, Group, 5), Mean(results, SquaredError + ending));
    }

    private static IEnumerable<(ResultColumn, Func<string, double?>)> Codes(ResultSet results)
    {
        const string Group = "Codes (best of 20)";
        yield return (new("active_fraction", "active", Group, 1, true), Mean(results, ActiveFraction + BestOf20));
        yield return (new("multi_information", "multi-information (bits)", Group, 1), Mean(results, MultiInformation + BestOf20));
        yield return (new("multi_information_published", "published", Group, 1), variant => Published(variant, row => row.MultiInformation));
        yield return (new("joint_entropy_saturation", "joint entropy / log₂N", Group, 1, true), Mean(results, JointEntropySaturation + BestOf20));
        yield return (new("copula", "Gaussian copula (bits)", Group, 1), Mean(results, CopulaCodes + BestOf20));
        yield return (new("posterior_collapse", "collapsed latents", Group, 1, true), Mean(results, PosteriorCollapse));
        yield return (new("feature_collapse", "collapsed features", Group, 1, true), Mean(results, FeatureCollapse + BestOf20));
        yield return (new("largest_correlation", "correlation with labels", Group, 3), Mean(results, LargestCorrelation + MeanOverLabels));
    }

    private static IEnumerable<(ResultColumn, Func<string, double?>)> Distances(ResultSet results)
    {
        const string Group = "Fréchet distance of features of images and reconstructions";
        yield return (new("frechet_distance", "distance", Group, 2), Mean(results, Frechet));
        yield return (new("frechet_distance_transposed", "transposed", Group, 1), Mean(results, TransposedFrechet));
        yield return (new("frechet_distance_transposed_published", "published (Inception, transposed)", Group, 1), variant => Published(variant, row => row.TransposedFrechet));
    }

    private static IEnumerable<(ResultColumn, Func<string, double?>)> Correlations(ReproductionTarget target, ResultSet results)
    {
        var labels = results.All.Where(result => target.Variants.Contains(result.Variant)).SelectMany(result => result.Metrics.Keys)
            .Where(name => name.StartsWith(LargestCorrelation, StringComparison.Ordinal)).Select(name => name[LargestCorrelation.Length..]).Where(name => name != MeanOverLabels).Distinct();
        return labels.Select(label => (new ResultColumn(LargestCorrelation + label, label.Replace('_', ' '), "Largest correlation with a feature", 3), Mean(results, LargestCorrelation + label)));
    }

    private static Func<string, double?> Mean(ResultSet results, string metric) => variant => results.Mean(variant, metric);

    private static double? Published(string variant, Func<PublishedImageResult, double> number) =>
        PublishedImageResults.All.TryGetValue(variant, out var row) && number(row) is var value && !double.IsNaN(value) ? value : null;
}
