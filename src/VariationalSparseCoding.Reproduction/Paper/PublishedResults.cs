
namespace VariationalSparseCoding.Reproduction.Paper;

/// <summary>A row of the paper's Table 1.</summary>
/// <param name="Objective">"Validation loss": 1/2||x - Az||^2 + 20||z||_1 + 1e-3||A||_F^2.</param>
/// <param name="MultiInformation">In bits.</param>
/// <param name="Iwae">"IWAE loss"; null where the table has a dash.</param>
internal readonly record struct PublishedRow(double Objective, double MultiInformation, double? Iwae);

/// <summary>A row of the authors' code on the embedded images at the compact schedule.</summary>
/// <param name="Objective">1/2||x - Az||^2 + 20||z||_1, without the Frobenius term.</param>
/// <param name="MultiInformation">In bits.</param>
/// <param name="ActiveFraction">In [0, 1].</param>
internal readonly record struct AuthorsCodeRow(double Objective, double MultiInformation, double ActiveFraction);

/// <summary>The paper's numbers: Fallah and Rozell, "Variational Sparse Coding with Learned Thresholding" (ICML 2022), Tables 1, 2 and 6; and what the authors' code reaches on the embedded images.</summary>
internal static class PublishedResults
{
    /// <summary>Table 1 by the name of the <see cref="RunVariants"/>.</summary>
    public static IReadOnlyDictionary<string, PublishedRow> Table1 { get; } = new Dictionary<string, PublishedRow>
    {
        ["fista"] = new(101, 87.5, null),
        ["gaussian-j1"] = new(1350, 734, .257),
        ["gaussian-j20"] = new(1350, 736, .216),
        ["laplacian-j1"] = new(596, 536, .220),
        ["laplacian-j20"] = new(579, 534, .222),
        ["spike-and-slab-j1"] = new(252, 194, .241),
        ["spike-and-slab-j20"] = new(239, 196, .212),
        ["thresholded-gaussian-j1"] = new(232, 167, 1.52),
        ["thresholded-gaussian-j20"] = new(230, 176, 1.33),
        ["thresholded-gaussian-gamma-j1"] = new(285, 235, 1.17),
        ["thresholded-gaussian-gamma-j20"] = new(270, 229, 1.13),
        ["thresholded-laplacian-j1"] = new(198, 180, .930),
        ["thresholded-laplacian-j20"] = new(194, 191, 1.13),
        ["thresholded-laplacian-gamma-j1"] = new(223, 238, .981),
        ["thresholded-laplacian-gamma-j20"] = new(211, 233, 1.12),
    };

    /// <summary>Table 6: standard deviations (n - 1) over three seeds at J = 20.</summary>
    public static IReadOnlyDictionary<string, PublishedRow> Table6Deviations { get; } = new Dictionary<string, PublishedRow>
    {
        ["fista"] = new(.700, .543, null),
        ["gaussian-j20"] = new(2.08, .306, 2.64e-4),
        ["laplacian-j20"] = new(1.51, .529, 7.97e-4),
        ["spike-and-slab-j20"] = new(4.27, 2.57, .0264),
        ["thresholded-gaussian-j20"] = new(1.87, .208, .0038),
        ["thresholded-gaussian-gamma-j20"] = new(1.87, .379, .00247),
        ["thresholded-laplacian-j20"] = new(1.66, .153, .0129),
        ["thresholded-laplacian-gamma-j20"] = new(1.47, .577, .00809),
    };

    /// <summary>Table 2: fractions of collapsed latents and of collapsed features; NaN where the run failed, as the paper writes it.</summary>
    public static IReadOnlyDictionary<string, (double Posterior, double Feature)> Table2 { get; } = new Dictionary<string, (double, double)>
    {
        ["thresholded-laplacian-subgradient-published-j1"] = (double.NaN, double.NaN),
        ["thresholded-laplacian-subgradient-published-j20"] = (1, 1),
        ["thresholded-laplacian-j1"] = (.0417, 0),
        ["thresholded-laplacian-j20"] = (.0456, 0),
    };

    /// <summary>The authors' code (commit 64abb63) on the embedded images, compact schedule, one run each; thresholded-laplacian-j1 is the mean of seeds 0 and 1337, fista has converged codes.</summary>
    public static IReadOnlyDictionary<string, AuthorsCodeRow> AuthorsCodeCompact { get; } = new Dictionary<string, AuthorsCodeRow>
    {
        ["fista"] = new(89.3, 87.7, .069),
        ["gaussian-j1"] = new(1372.2, 733.4, 1),
        ["laplacian-j1"] = new(603.1, 537.5, 1),
        ["spike-and-slab-j1"] = new(358.6, 264.0, .179),
        ["thresholded-gaussian-j1"] = new(226.0, 166.2, .088),
        ["thresholded-gaussian-gamma-j1"] = new(279.9, 234.2, .132),
        ["thresholded-laplacian-j1"] = new(190.4, 170.5, .100),
        ["thresholded-laplacian-j20"] = new(184.0, 182.2, .106),
        ["thresholded-laplacian-gamma-j1"] = new(217.1, 233.3, .146),
    };
}
