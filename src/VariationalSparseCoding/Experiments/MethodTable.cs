namespace VariationalSparseCoding.Experiments;

/// <summary>All methods of the paper. The command line, the documentation and the tests of every method are driven by this table.</summary>
public static class MethodTable
{
    private static readonly MethodFamily Map = new MapMethods(), Gaussian = new GaussianMethods(), Laplacian = new LaplacianMethods(), SpikeAndSlab = new SpikeAndSlabMethods();

    /// <summary>The methods, in the order of Table 1.</summary>
    public static IReadOnlyList<Method> All { get; } =
    [
        new("fista", "FISTA (baseline)", Map, ThresholdKind.None, "MAP codes by the FISTA solver, no inference network (Beck & Teboulle, 2009)"),
        new("gaussian", "Gaussian", Gaussian, ThresholdKind.None, "Gaussian posterior and prior: codes are not sparse (Kingma & Welling, 2014)"),
        new("laplacian", "Laplacian", Laplacian, ThresholdKind.None, "Laplacian posterior and prior: codes are not exactly sparse (Barello et al., 2018)"),
        new("spike-and-slab", "Spike-and-slab", SpikeAndSlab, ThresholdKind.None, "relaxed Bernoulli spike times Gaussian slab (Tonolini et al., 2020)"),
        new("thresholded-gaussian", "Thresholded Gaussian", Gaussian, ThresholdKind.Fixed, "Gaussian draws through the shifted soft-threshold"),
        new("thresholded-gaussian-gamma", "Thresholded Gaussian+Gamma", Gaussian, ThresholdKind.Gamma, "the same with thresholds learned under a Gamma prior"),
        new("thresholded-laplacian", "Thresholded Laplacian", Laplacian, ThresholdKind.Fixed, "Laplacian draws through the shifted soft-threshold: a spike-and-slab without relaxation"),
        new("thresholded-laplacian-gamma", "Thresholded Laplacian+Gamma", Laplacian, ThresholdKind.Gamma, "the same with thresholds learned under a Gamma prior"),
    ];

    /// <summary>The method used when none is named.</summary>
    public static Method Default => Find("thresholded-laplacian")!;

    /// <summary>Returns the method of a name, or null.</summary>
    /// <param name="name">A <see cref="Method.Name"/>.</param>
    public static Method? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(method => method.Name == name);
    }

    /// <summary>Returns the family of a base distribution.</summary>
    /// <param name="name">Its name in experiments.</param>
    internal static MethodFamily FamilyOf(PosteriorFamily name) => All.First(method => method.Family.Name == name).Family;

    /// <summary>Returns the method of a name whose training step is to be measured.</summary>
    /// <param name="name">A <see cref="Method.Name"/>.</param>
    /// <exception cref="InvalidInputException">There is no such method, or it does without an inference network.</exception>
    internal static Method FindVariational(string name) => Find(name) is { IsMapInference: false } method ? method
        : throw new InvalidInputException($"'{name}' has no training step to measure; choose one of {string.Join(", ", All.Where(method => !method.IsMapInference).Select(method => method.Name))}.");
}
