using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Reproduction.Paper;

/// <summary>A point of the paper's Figure 7, mean of three seeds, best of 20 draws.</summary>
/// <param name="SquaredError">MSE per pixel; the figure shows its sum over evaluation batches.</param>
/// <param name="MultiInformation">In bits; NaN where the authors' notebook prints none.</param>
/// <param name="TransposedFrechet">"FID" of the transposed covariance; NaN where the notebook prints none.</param>
internal readonly record struct PublishedImageResult(double SquaredError, double MultiInformation, double TransposedFrechet);

/// <summary>The numbers behind Figure 7 of Fallah and Rozell (ICML 2022), as the authors' notebooks print them (docs/mathematics.md section 8.2), by the name of the <see cref="ImageVariants"/>.</summary>
internal static class PublishedImageResults
{
    /// <summary>All of them.</summary>
    public static IReadOnlyDictionary<string, PublishedImageResult> All { get; } = Sizes().Concat(Sparsities()).ToDictionary(pair => pair.Name, pair => pair.Result);

    private static IEnumerable<(string Name, PublishedImageResult Result)> Sizes()
    {
        const string f = DataOptions.FashionMnist, c = DataOptions.CelebA;
        (string Data, string Method, double[] Information, double[] Errors, double[] Distances)[] rows =
        [
            (f, "gaussian", [56.3, 207, 865, 3499], [2.794, 2.863, 2.949, 2.989], [314.4, 317.1, 320.6, 322.0]),
            (f, "spike-and-slab", [5.7, 36.9, 181, 757], [3.053, 2.898, 3.070, 3.163], [326.3, 320.8, 326.7, 331.2]),
            (f, "thresholded-gaussian", [7.5, 38.7, 181, 758], [2.914, 2.422, 2.295, 2.317], [316.9, 296.7, 291.5, 292.9]),
            (f, "thresholded-gaussian-gamma", [12.9, 72.9, 344, 1430], [2.753, 2.500, 2.540, 2.574], [309.7, 301.6, 302.8, 303.8]),
            (f, "thresholded-laplacian", [8.7, 37.2, 176, 733], [2.816, 2.849, 2.998, 3.153], [313.2, 317.2, 323.2, 329.3]),
            (f, "thresholded-laplacian-gamma", [10.6, 58.8, 280, 1162], [2.820, 2.863, 2.997, 3.177], [313.7, 319.0, 322.6, 331.6]),
            (c, "gaussian", [207, 1743, 3498, 7009], [1.756, 1.789, 1.860, 2.051], [427.5, 430.9, 435.9, 448.0]),
            (c, "spike-and-slab", [36.5, 382, 766, 1535], [2.362, 2.190, 2.171, 2.160], [456.6, 452.3, 451.1, 450.9]),
            (c, "thresholded-gaussian", [45.0, 379, 757, 1518], [2.406, 1.619, 1.555, 1.521], [461.1, 422.7, 415.6, 414.1]),
            (c, "thresholded-gaussian-gamma", [54.7, 648, 1368, 2812], [2.309, 1.698, 1.672, 1.684], [458.6, 428.6, 425.9, 427.4]),
            (c, "thresholded-laplacian", [54.6, 386, 762, 1505], [2.134, 2.074, 2.103, 2.198], [450.0, 448.0, 450.6, 452.7]),
            (c, "thresholded-laplacian-gamma", [58.9, 571, 1158, 2332], [2.195, 2.084, 2.117, 2.207], [453.8, 448.4, 449.2, 452.7]),
        ];
        return from row in rows
               from place in Enumerable.Range(0, row.Errors.Length)
               select (ImageVariants.NameOf(row.Data, row.Method, ImageVariants.Features(row.Data)[place]), new PublishedImageResult(row.Errors[place] / 100, row.Information[place], row.Distances[place]));
    }

    private static IEnumerable<(string Name, PublishedImageResult Result)> Sparsities()
    {
        const string f = DataOptions.FashionMnist, c = DataOptions.CelebA;
        (string Data, string Method, double[] Errors)[] rows =
        [
            (f, "spike-and-slab", [2.909, 2.898, 2.930, 3.052]),
            (f, "thresholded-gaussian", [2.643, 2.422, 2.346, 2.377]),
            (f, "thresholded-gaussian-gamma", [2.521, 2.500, 2.484, 2.429]),
            (f, "thresholded-laplacian", [2.858, 2.849, 2.788, 2.676]),
            (f, "thresholded-laplacian-gamma", [2.922, 2.863, 2.803, 2.682]),
            (c, "spike-and-slab", [2.223, 2.190, 2.184, 2.245]),
            (c, "thresholded-gaussian", [1.759, 1.619, 1.576, 1.586]),
            (c, "thresholded-gaussian-gamma", [1.724, 1.698, 1.669, 1.636]),
            (c, "thresholded-laplacian", [2.088, 2.074, 2.042, 1.955]),
            (c, "thresholded-laplacian-gamma", [2.104, 2.084, 2.055, 1.968]),
        ];
        return from row in rows
               from place in Enumerable.Range(0, row.Errors.Length)
               let percent = ImageVariants.Percents[place]
               where percent != ImageVariants.StandardPercent
               select (ImageVariants.NameOf(row.Data, row.Method, ImageVariants.FeaturesOfSparsitySweep(row.Data), percent), new PublishedImageResult(row.Errors[place] / 100, double.NaN, double.NaN));
    }
}
