using VariationalSparseCoding.Experiments;
using static VariationalSparseCoding.Reproduction.Results.MetricNames;

namespace VariationalSparseCoding.Reproduction.Paper;

/// <summary>The claims of the paper's section 4.2 and Figure 7, as comparisons of numbers, for one data set.</summary>
internal static class ImageClaims
{
    private static readonly string[] ThresholdedGaussians = ["thresholded-gaussian", "thresholded-gaussian-gamma"];

    /// <summary>The claims about a data set, in the order of the paper.</summary>
    /// <param name="data">One of <see cref="ImageVariants.DataSets"/>.</param>
    public static IReadOnlyList<Claim> Of(string data)
    {
        var sizes = ImageVariants.Features(data);
        string title = data == DataOptions.FashionMnist ? "4.2, Fig. 7a-d" : "4.2, Fig. 7e-h";
        string[] thresholded = [.. ImageVariants.SparseMethods.Where(method => method.StartsWith("thresholded", StringComparison.Ordinal))];
        return
        [
            new(title, "The Gaussian prior has the highest redundancy, which grows with the dimension (by the published multi-information, which says nothing about dependence once it is saturated).",
                "multi-information of gaussian above that of every sparse method at every number of features, and growing with it",
                [.. from features in sizes from method in ImageVariants.SparseMethods select Less(method, "gaussian", features, features, MultiInformation), .. Steps(sizes).Select(step => Less("gaussian", "gaussian", step.Low, step.High, MultiInformation))]),
            new(title, "The same, by an estimator that does not saturate.", "Gaussian-copula total correlation of gaussian above that of every sparse method at every number of features",
                [.. from features in sizes from method in ImageVariants.SparseMethods select Less(method, "gaussian", features, features, CopulaCodes)]),
            new(title, "With the dimension the Gaussian prior's squared error increases slightly.", "squared error of gaussian growing with the number of features", [.. Steps(sizes).Select(step => Less("gaussian", "gaussian", step.Low, step.High, SquaredError))]),
            new(title, "All sparse priors show superior scaling with the dimension.", "at the largest number of features a squared error below gaussian's, every sparse method",
                [.. ImageVariants.SparseMethods.Select(method => Less(method, "gaussian", sizes[^1], sizes[^1], SquaredError))]),
            new(title, "Thresholded Gaussian and Thresholded Gaussian+Gamma are superior to spike-and-slab.", "lower squared error at every number of features",
                [.. from features in sizes from method in ThresholdedGaussians select Less(method, "spike-and-slab", features, features, SquaredError)]),
            new(title, "Of the published numbers: the Thresholded Gaussian beats the Gaussian.", "lower squared error at the second and third number of features",
                [.. sizes.Skip(1).Take(2).Select(features => Less("thresholded-gaussian", "gaussian", features, features, SquaredError))]),
            new(title, "All thresholded methods scale better in squared error as more features are active.", "squared error falling from 5 to 10, 20 and 50% of active features",
                [.. from method in thresholded from step in Steps(ImageVariants.Percents) select Denser(data, method, step.Low, step.High)]),
            new("not in the paper", $"A single draw reconstructs an image of {ImageVariants.TitleOf(data)} better than the mean of all images does.", "squared error of single draws below that of the mean image, every method at every number of features",
                [.. from method in ImageVariants.Methods from features in sizes select BelowMeanImage(ImageVariants.NameOf(data, method, features))]),
        ];

        Comparison Less(string left, string right, int leftFeatures, int rightFeatures, string metric) =>
            Comparison.Less(ImageVariants.NameOf(data, left, leftFeatures), ImageVariants.NameOf(data, right, rightFeatures), metric + BestOf20);
    }

    private static Comparison Denser(string data, string method, int sparser, int denser)
    {
        int features = ImageVariants.FeaturesOfSparsitySweep(data);
        return Comparison.Less(ImageVariants.NameOf(data, method, features, denser), ImageVariants.NameOf(data, method, features, sparser), SquaredError + BestOf20);
    }

    private static Comparison BelowMeanImage(string variant) => Comparison.Less(variant, variant, SquaredError + SingleDraw) with { RightMetric = SquaredError + MeanImage };

    private static IEnumerable<(int Low, int High)> Steps(IReadOnlyList<int> values) => values.Zip(values.Skip(1));
}
