using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Reproduction.Paper;

/// <summary>The experiments of the paper's section 4.2: convolutional generators of images over methods, numbers of latent features and sparsity (Figures 6 to 8 and 19 to 23).</summary>
internal static class ImageVariants
{
    /// <summary>The sparsity, in percent of active features, at which the number of latent features is swept.</summary>
    public const int StandardPercent = 10;

    /// <summary>The data sets.</summary>
    public static IReadOnlyList<string> DataSets { get; } = [DataOptions.FashionMnist, DataOptions.CelebA];

    /// <summary>The name of a data set as people write it.</summary>
    /// <param name="data">One of <see cref="DataSets"/>.</param>
    public static string TitleOf(string data) => data == DataOptions.FashionMnist ? "Fashion-MNIST" : "CelebA";

    /// <summary>The methods of Figure 7.</summary>
    public static IReadOnlyList<string> Methods { get; } = ["gaussian", .. SparseMethods];

    /// <summary>The methods of Figure 7 whose sparsity can be set.</summary>
    public static IReadOnlyList<string> SparseMethods => ["spike-and-slab", "thresholded-gaussian", "thresholded-gaussian-gamma", "thresholded-laplacian", "thresholded-laplacian-gamma"];

    /// <summary>The swept sparsities, in percent of active features.</summary>
    public static IReadOnlyList<int> Percents { get; } = [5, StandardPercent, 20, 50];

    /// <summary>The methods of Figures 19 to 23.</summary>
    public static IReadOnlyList<string> ShownMethods => ["gaussian", "spike-and-slab", "thresholded-gaussian", "thresholded-gaussian-gamma"];

    /// <summary>The numbers of latent features of Figures 19 to 23, of CelebA; Figure 7 does not sweep the last.</summary>
    public static IReadOnlyList<int> ShownFeatures => [64, 512, 2048, 4096];

    /// <summary>Every variant.</summary>
    public static IReadOnlyList<RunVariant> All { get; } =
    [
        .. DataSets.SelectMany(Sweep),
        .. from features in ShownFeatures.Except(Features(DataOptions.CelebA)) from method in ShownMethods select Variant(DataOptions.CelebA, method, features, StandardPercent),
    ];

    /// <summary>The swept numbers of latent features.</summary>
    /// <param name="data">A data set.</param>
    public static IReadOnlyList<int> Features(string data) => data == DataOptions.FashionMnist ? [20, 64, 256, 1024] : [64, 512, 1024, 2048];

    /// <summary>The number of latent features at which sparsity is swept.</summary>
    /// <param name="data">A data set.</param>
    public static int FeaturesOfSparsitySweep(string data) => data == DataOptions.FashionMnist ? 64 : 512;

    /// <summary>The name of a variant, such as "fashion-mnist-thresholded-gaussian-d64", or with "-a20" at 20% active features.</summary>
    /// <param name="data">A data set.</param>
    /// <param name="method">A method.</param>
    /// <param name="features">Latent features, d.</param>
    /// <param name="percent">Active features that thresholds or spikes are set for, in percent.</param>
    public static string NameOf(string data, string method, int features, int percent = StandardPercent) =>
        FormattableString.Invariant($"{data}-{method}-d{features}{(percent == StandardPercent ? "" : $"-a{percent}")}");

    /// <summary>An experiment whose prior keeps a fraction of the features active: exp(-l0/b0) of a Laplacian's, 2(1 - Phi(l0/s0)) of a Gaussian's, the spikes' probability (docs/mathematics.md section 7).</summary>
    /// <param name="experiment">A sparse method's.</param>
    /// <param name="fraction">In (0, 1).</param>
    public static Experiment WithActiveFraction(Experiment experiment, double fraction) =>
        experiment with { Posterior = experiment.Posterior.Family.WithActiveFraction(experiment.Posterior, fraction) };

    /// <summary>The variants of Figure 7: methods over numbers of latent features, then over sparsity.</summary>
    /// <param name="data">A data set.</param>
    public static IEnumerable<RunVariant> Sweep(string data)
    {
        foreach (string method in Methods)
            foreach (int features in Features(data)) yield return Variant(data, method, features, StandardPercent);
        foreach (string method in SparseMethods)
            foreach (int percent in Percents.Where(percent => percent != StandardPercent)) yield return Variant(data, method, FeaturesOfSparsitySweep(data), percent);
    }

    private static RunVariant Variant(string data, string method, int features, int percent)
    {
        var preset = Presets.Parse(data).Resolve(method, Fidelity.Published);
        // The published thresholds of 10% are rounded; they are the defaults.
        var experiment = percent == StandardPercent ? preset : WithActiveFraction(preset, percent / 100.0);
        return new(NameOf(data, method, features, percent),
            FormattableString.Invariant($"{MethodTable.Find(method)!.PaperRow}, d = {features}{(percent == StandardPercent ? "" : $", {percent} % active")}"),
            experiment with { Generator = experiment.Generator with { Atoms = features } });
    }
}
