using VariationalSparseCoding.Reproduction.Paper;
using VariationalSparseCoding.Reproduction.Results;
using static VariationalSparseCoding.Reproduction.Results.MetricNames;

namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>The columns and notes of tables about convolutional generators (section 4.2).</summary>
internal static class ImageTables
{
    /// <summary>The columns of every target of images.</summary>
    /// <param name="results">The results of one schedule.</param>
    public static IEnumerable<TargetColumn> Columns(ResultSet results) => [.. Errors(results), .. Codes(results), .. Distances(results)];

    /// <summary>The same with the largest correlation of each label.</summary>
    /// <param name="target">A target of images.</param>
    /// <param name="results">The results of one schedule.</param>
    public static IEnumerable<TargetColumn> ColumnsWithLabels(ReproductionTarget target, ResultSet results) => [.. Errors(results), .. Correlations(target, results), .. Codes(results), .. Distances(results)];

    /// <summary>What the numbers are, and what they are not.</summary>
    /// <param name="target">A target of images.</param>
    /// <param name="results">The results of one schedule.</param>
    public static IEnumerable<string> Notes(ReproductionTarget target, ResultSet results)
    {
        var own = Own(target, results).ToList();
        int count = own.Select(result => result.Experiment.Data.ValidationSamples).DefaultIfEmpty(1).Max();
        yield return "The squared error is a mean over pixels with values in [0, 1]; the paper's Figure 7 shows its sum over evaluation batches, here divided by their number. Every method is evaluated with the best of 20 draws, as published, and with one draw.";
        yield return FormattableString.Invariant($"The plug-in multi-information cannot tell dependence once all codes differ: with {count:N0} images its joint entropy ends at log₂ N = {Math.Log2(count):F2} bits, and the numbers measure marginals. (The paper's N is 10,000 for Fashion-MNIST and 15,000 for CelebA.) The Gaussian copula does not saturate.");
        foreach (string network in own.Select(result => result.FeatureNetwork).OfType<string>().Distinct())
            yield return $"Distances: {network}. The published \"FID\" takes covariances over images instead of features, of another network and other images: the transposed column has the same formula, and no number here can be compared with the published ones but by its order.";
    }

    /// <summary>The same, with what the column of correlations has where each label has none of its own.</summary>
    /// <param name="target">A target of images.</param>
    /// <param name="results">The results of one schedule.</param>
    public static IEnumerable<string> NotesWithCorrelation(ReproductionTarget target, ResultSet results) =>
    [
        .. Notes(target, results),
        .. Own(target, results).Any(result => !double.IsNaN(result[LargestCorrelation + MeanOverLabels]))
            ? ["The correlation is the mean over labels of the largest point-biserial correlation in magnitude with any feature."] : (string[])[],
    ];

    private static IEnumerable<RunResult> Own(ReproductionTarget target, ResultSet results) => results.All.Where(result => target.Variants.Contains(result.Variant));

    private static IEnumerable<TargetColumn> Errors(ResultSet results)
    {
        const string Group = "Squared error per pixel";
        yield return new(new("squared_error", "best of 20", Group, 5), Mean(results, SquaredError + BestOf20));
        yield return new(new("squared_error_published", "published", Group, 5), variant => Published(variant, row => row.SquaredError));
        yield return new(new("squared_error_relative_difference", "relative", Group, 1, true), variant => results.Mean(variant, SquaredError + BestOf20) / Published(variant, row => row.SquaredError) - 1);
        foreach (var (ending, heading) in new[] { (SingleDraw, "single draw"), (MetricNames.Mean, "posterior mean"), (ZeroCode, "all-zero code"), (MeanImage, "mean image") })
            yield return new(new("squared_error" + ending, heading, Group, 5), Mean(results, SquaredError + ending));
    }

    private static IEnumerable<TargetColumn> Codes(ResultSet results)
    {
        const string Group = "Codes (best of 20)";
        yield return new(new("active_fraction", "active", Group, 1, true), Mean(results, ActiveFraction + BestOf20));
        yield return new(new("multi_information", "multi-information (bits)", Group, 1), Mean(results, MultiInformation + BestOf20));
        yield return new(new("multi_information_published", "published", Group, 1), variant => Published(variant, row => row.MultiInformation));
        yield return new(new("joint_entropy_saturation", "joint entropy / log₂N", Group, 1, true), Mean(results, JointEntropySaturation + BestOf20));
        yield return new(new("copula", "Gaussian copula (bits)", Group, 1), Mean(results, CopulaCodes + BestOf20));
        yield return new(new("posterior_collapse", "collapsed latents", Group, 1, true), Mean(results, PosteriorCollapse));
        yield return new(new("feature_collapse", "collapsed features", Group, 1, true), Mean(results, FeatureCollapse + BestOf20));
        yield return new(new("largest_correlation", "correlation with labels", Group, 3), Mean(results, LargestCorrelation + MeanOverLabels));
    }

    private static IEnumerable<TargetColumn> Distances(ResultSet results)
    {
        const string Group = "Fréchet distance of features of images and reconstructions";
        yield return new(new("frechet_distance", "distance", Group, 2), Mean(results, Frechet));
        yield return new(new("frechet_distance_transposed", "transposed", Group, 1), Mean(results, TransposedFrechet));
        yield return new(new("frechet_distance_transposed_published", "published (Inception, transposed)", Group, 1), variant => Published(variant, row => row.TransposedFrechet));
    }

    private static IEnumerable<TargetColumn> Correlations(ReproductionTarget target, ResultSet results)
    {
        var labels = Own(target, results).SelectMany(result => result.Metrics.Keys)
            .Where(name => name.StartsWith(LargestCorrelation, StringComparison.Ordinal)).Select(name => name[LargestCorrelation.Length..]).Where(name => name != MeanOverLabels).Distinct();
        return labels.Select(label => new TargetColumn(new(LargestCorrelation + label, label.Replace('_', ' '), "Largest correlation with a feature", 3), Mean(results, LargestCorrelation + label)));
    }

    private static Func<string, double?> Mean(ResultSet results, string metric) => variant => results.Mean(variant, metric);

    private static double? Published(string variant, Func<PublishedImageResult, double> number) =>
        PublishedImageResults.All.TryGetValue(variant, out var row) && number(row) is var value && !double.IsNaN(value) ? value : null;
}
