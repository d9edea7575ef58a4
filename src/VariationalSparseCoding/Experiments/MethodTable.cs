using VariationalSparseCoding.Data;

namespace VariationalSparseCoding.Experiments;

/// <summary>A method that the paper compares: its name here, its row there, and what it fixes.</summary>
/// <param name="Name">Name in experiments and on the command line.</param>
/// <param name="PaperRow">The row of the paper's Table 1.</param>
/// <param name="Family">The base distribution of the codes; none for MAP inference.</param>
/// <param name="Threshold">What the base samples are thresholded with.</param>
/// <param name="Summary">One line for help texts and reports.</param>
public sealed record Method(string Name, string PaperRow, PosteriorFamily Family, ThresholdKind Threshold, string Summary)
{
    /// <summary>Whether codes are found by a solver instead of drawn from a posterior.</summary>
    public bool IsMapInference => Family == PosteriorFamily.None;

    /// <summary>The paper's settings of this method (SPEC section 7), resolved for a fidelity and a kind of generator.</summary>
    /// <param name="fidelity">Which side to take where paper and code disagree.</param>
    /// <param name="generator">The kind of generator.</param>
    public Experiment Defaults(Fidelity fidelity = Fidelity.Equations, GeneratorKind generator = GeneratorKind.Linear) =>
        generator == GeneratorKind.Linear ? LinearDefaults(fidelity) : ConvolutionalDefaults(LinearDefaults(fidelity));

    private Experiment LinearDefaults(Fidelity fidelity)
    {
        bool published = fidelity == Fidelity.Published;
        return new()
        {
            Method = Name,
            Fidelity = fidelity,
            Posterior = new()
            {
                Family = Family,
                Threshold = Threshold,
                ThresholdValue = Family == PosteriorFamily.Gaussian ? 0.52 : 0.25,
                ShiftGradient = published ? ShiftGradient.OnePlusActive : ShiftGradient.One,
                SubgradientScale = published ? SubgradientScale.SquaredScale : SubgradientScale.Scale,
                SpikeLogit = published ? SpikeLogit.LogProbability : SpikeLogit.LogOdds,
            },
            Prior = new() { Components = Family == PosteriorFamily.SpikeAndSlab ? 100 : 500 },
            Sampling = new() { ImportanceWeights = published ? ImportanceWeights.SoftmaxOfLoss : ImportanceWeights.Bound },
            Objective = new() { DictionaryPenalty = IsMapInference ? 1e-3 : 1e-4 },
            Schedule = new()
            {
                WarmUp = Family switch
                {
                    PosteriorFamily.None => new() { Start = 0, Increment = 1e-4 },
                    PosteriorFamily.Gaussian => new() { Initial = 1, Start = 0 },
                    _ => new(),
                },
            },
        };
    }

    private Experiment ConvolutionalDefaults(Experiment linear) => linear with
    {
        Data = new() { Source = DataOptions.FashionMnist, TrainSamples = 60_000, ValidationSamples = 10_000, Standardise = false },
        Network = new() { Backbone = BackboneKind.Convolutional },
        Generator = new() { Kind = GeneratorKind.Convolutional, Atoms = 64 },
        Posterior = linear.Posterior with { ThresholdValue = Family == PosteriorFamily.Laplacian ? 0.23 : linear.Posterior.ThresholdValue },
        Schedule = linear.Schedule with
        {
            BatchSize = 512,
            LearningRate = 3e-4,
            WarmUp = Family == PosteriorFamily.SpikeAndSlab ? new() { Start = 500 } : new() { Initial = 1, Start = 0 },
            Temperature = new() { Floor = 0.005 },
        },
    };
}

/// <summary>All methods of the paper. The command line, the documentation and the tests of every method are driven by this table.</summary>
public static class MethodTable
{
    /// <summary>The methods, in the order of Table 1.</summary>
    public static IReadOnlyList<Method> All { get; } =
    [
        new("fista", "FISTA (baseline)", PosteriorFamily.None, ThresholdKind.None, "MAP codes by the FISTA solver, no inference network (Beck & Teboulle, 2009)"),
        new("gaussian", "Gaussian", PosteriorFamily.Gaussian, ThresholdKind.None, "Gaussian posterior and prior: codes are not sparse (Kingma & Welling, 2014)"),
        new("laplacian", "Laplacian", PosteriorFamily.Laplacian, ThresholdKind.None, "Laplacian posterior and prior: codes are not exactly sparse (Barello et al., 2018)"),
        new("spike-and-slab", "Spike-and-slab", PosteriorFamily.SpikeAndSlab, ThresholdKind.None, "relaxed Bernoulli spike times Gaussian slab (Tonolini et al., 2020)"),
        new("thresholded-gaussian", "Thresholded Gaussian", PosteriorFamily.Gaussian, ThresholdKind.Fixed, "Gaussian samples through the shifted soft-threshold"),
        new("thresholded-gaussian-gamma", "Thresholded Gaussian+Gamma", PosteriorFamily.Gaussian, ThresholdKind.Gamma, "the same with thresholds learned under a Gamma prior"),
        new("thresholded-laplacian", "Thresholded Laplacian", PosteriorFamily.Laplacian, ThresholdKind.Fixed, "Laplacian samples through the shifted soft-threshold: a spike-and-slab without relaxation"),
        new("thresholded-laplacian-gamma", "Thresholded Laplacian+Gamma", PosteriorFamily.Laplacian, ThresholdKind.Gamma, "the same with thresholds learned under a Gamma prior"),
    ];

    /// <summary>The method used when none is named.</summary>
    public static Method Default => Find("thresholded-laplacian")!;

    /// <summary>The method of a name, or null.</summary>
    /// <param name="name">A <see cref="Method.Name"/>.</param>
    public static Method? Find(string name) => All.FirstOrDefault(method => method.Name == name);

    /// <summary>The method of a name whose training step is to be measured.</summary>
    /// <exception cref="InvalidInputException">There is no such method, or it does without an inference network.</exception>
    internal static Method FindVariational(string name) => Find(name) is { IsMapInference: false } method ? method
        : throw new InvalidInputException($"'{name}' has no training step to measure; choose one of {string.Join(", ", All.Where(method => !method.IsMapInference).Select(method => method.Name))}.");
}
