namespace VariationalSparseCoding.Experiments;

/// <summary>The table of methods. The command line, the documentation and the tests of every method are driven by it.</summary>
public static class MethodTable
{
    private static readonly MethodFamily Map = new MapMethods(), Gaussian = new GaussianMethods(), Laplacian = new LaplacianMethods(), SpikeAndSlab = new SpikeAndSlabMethods(), Autoencoder = new AutoencoderMethods();

    private static readonly Lock Registration = new();

    /// <summary>The methods of the paper, in the order of Table 1.</summary>
    internal static IReadOnlyList<Method> OfPaper { get; } =
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

    /// <summary>Sparse autoencoders, which draw nothing.</summary>
    internal static IReadOnlyList<Method> Autoencoders { get; } =
    [
        Gated("topk", "TopK autoencoder", GateKind.TopK, "autoencoder whose codes are the k largest features of each sample (Makhzani & Frey, 2014; Gao et al., 2024)"),
        Gated("batch-topk", "BatchTopK autoencoder", GateKind.BatchTopK, "the k B largest features of each batch of B, so that samples share them as they need (Bussmann et al., 2024)"),
        Gated("matryoshka", "Matryoshka autoencoder", GateKind.Matryoshka, "BatchTopK with a reconstruction from each of five nested groups of features (Bussmann et al., 2025)"),
        Gated("jumprelu", "JumpReLU autoencoder", GateKind.JumpRelu, "features above thresholds of their own, learned for k active ones on average (Rajamanoharan et al., 2024)"),
        Gated("relu", "ReLU autoencoder", GateKind.Relu, "features above 0 with a price on the 1-norm that keeps k active on average (Cunningham et al., 2023)"),
        Gated("gaussian-gate", "Gaussian gate", GateKind.Gaussian, "the paper's thresholded Gaussian with its threshold around zero, where k B features of each batch of B are active, trained by the gradient of their probability", ThresholdKind.Batch),
        Gated("laplacian-gate", "Laplacian gate", GateKind.Laplacian, "gaussian-gate with a Laplacian", ThresholdKind.Batch),
        Gated("gaussian-topk", "Gaussian TopK", GateKind.Gaussian, "gaussian-gate with a threshold for each sample, where exactly k features are active", ThresholdKind.Sample),
        Gated("gated", "Gated autoencoder", GateKind.Gated, "one path says which features are active, at a price, and another how strongly (Rajamanoharan et al., 2024)"),
    ];

    /// <summary>Methods of imported dictionaries, which nothing here trains. They are found by their names, and are in no list of methods to choose from.</summary>
    internal static IReadOnlyList<Method> Imported { get; } =
    [
        Gated("group-max", "Group-max autoencoder", GateKind.GroupMax, "imported autoencoder whose codes are the largest feature of each of k groups"),
        Gated("matching-pursuit", "Matching pursuit", GateKind.MatchingPursuit, "imported dictionary whose codes take one atom after the other, each with what the residual has of it (Mallat & Zhang, 1993)"),
    ];

    private static volatile IReadOnlyList<Method> all = [.. OfPaper, .. Autoencoders];

    /// <summary>All methods: those of the paper in the order of its Table 1, then others.</summary>
    public static IReadOnlyList<Method> All => all;

    /// <summary>The families of all methods.</summary>
    internal static IEnumerable<MethodFamily> Families => All.Select(method => method.Family).Distinct();

    /// <summary>The method used when none is named.</summary>
    public static Method Default => Find("thresholded-laplacian")!;

    /// <summary>Returns the method of a name, or null.</summary>
    /// <param name="name">A <see cref="Method.Name"/>.</param>
    public static Method? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.Concat(Imported).FirstOrDefault(method => method.Name == name);
    }

    /// <summary>Returns the family of a name, or null.</summary>
    /// <param name="name">A <see cref="MethodFamily.Name"/>; capitals count as small letters.</param>
    internal static MethodFamily? FindFamily(string name) => Families.FirstOrDefault(family => family.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Adds methods; those whose names are known already are passed over. Safe from several threads.</summary>
    /// <param name="methods">The methods.</param>
    internal static void Register(params IReadOnlyList<Method> methods)
    {
        lock (Registration)
        {
            all = [.. all.Concat(methods).DistinctBy(method => method.Name)];
        }
    }

    /// <summary>Returns the method of a name whose training step is to be measured.</summary>
    /// <param name="name">A <see cref="Method.Name"/>.</param>
    /// <exception cref="InvalidInputException">There is no such method, or it does without an inference network.</exception>
    internal static Method FindVariational(string name) => Find(name) is { IsVariational: true } method ? method
        : throw new InvalidInputException($"'{name}' has no training step to measure; choose one of {string.Join(", ", All.Where(method => method.IsVariational).Select(method => method.Name))}.");

    private static Method Gated(string name, string title, GateKind gate, string summary, ThresholdKind threshold = ThresholdKind.None) => new(name, title, Autoencoder, threshold, summary) { Gate = gate };
}
