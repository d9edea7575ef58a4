namespace VariationalSparseCoding.Experiments;

/// <summary>A method: its name here, its row in the paper, and what it fixes.</summary>
public sealed record Method
{
    /// <summary>The learning rate of autoencoders with 1,536 features; see <see cref="DerivedSettings"/>.</summary>
    internal const double AutoencoderRate = 2e-3;

    // About the deviation of the Gaussian's 0.3.
    private const double LaplacianWidth = 0.2;

    internal Method(string name, string paperRow, MethodFamily family, ThresholdKind threshold, string summary) =>
        (Name, PaperRow, Family, Threshold, Summary) = (name, paperRow, family, threshold, summary);

    /// <summary>Name in experiments and on the command line.</summary>
    public string Name { get; }

    /// <summary>The row of the paper's Table 1; of a method that is not the paper's, its title.</summary>
    public string PaperRow { get; }

    /// <summary>What a draw is thresholded with.</summary>
    internal ThresholdKind Threshold { get; }

    /// <summary>One line for help texts and reports.</summary>
    public string Summary { get; }

    /// <summary>Whether codes are found by a solver instead of drawn from a posterior.</summary>
    public bool IsMapInference => Family.IsMapInference;

    /// <summary>How an autoencoder decides which features are active; null for the other methods.</summary>
    internal GateKind? Gate { get; init; }

    /// <summary>Whether codes are drawn from a posterior by an inference network.</summary>
    internal bool IsVariational => !IsMapInference && Gate is null;

    /// <summary>Whether the autoencoder's gate is a posterior with a threshold around zero.</summary>
    internal bool HasPosteriorGate => Gate is GateKind.Gaussian or GateKind.Laplacian;

    /// <summary>The methods of the same base distribution, and what holds for all of them.</summary>
    internal MethodFamily Family { get; }

    /// <summary>Returns the paper's settings of this method (docs/mathematics.md section 7), resolved for a fidelity and a kind of generator.</summary>
    /// <param name="fidelity">Which side to take where paper and code disagree.</param>
    /// <param name="generator">The kind of generator.</param>
    public Experiment Defaults(Fidelity fidelity = Fidelity.Equations, GeneratorKind generator = GeneratorKind.Linear)
    {
        bool published = fidelity == Fidelity.Published;
        var defaults = new Experiment
        {
            Method = Name,
            Fidelity = fidelity,
            Posterior = new()
            {
                Family = Family,
                Threshold = Threshold,
                ThresholdValue = Family.Threshold(generator),
                ShiftGradient = published ? ShiftGradient.OnePlusActive : ShiftGradient.One,
                SubgradientScale = published ? SubgradientScale.SquaredScale : SubgradientScale.Scale,
                SpikeLogit = published ? SpikeLogit.LogProbability : SpikeLogit.LogOdds,
            },
            Prior = new() { Components = Family.PriorComponents },
            Sampling = new() { ImportanceWeights = published ? ImportanceWeights.SoftmaxOfLoss : ImportanceWeights.Bound },
            Objective = new() { DictionaryPenalty = Family.DictionaryPenalty },
            Schedule = new() { WarmUp = Family.WarmUp(generator), StepSizes = published ? StepSizes.Fixed : StepSizes.Adaptive },
        };
        if (Gate is not null) defaults = WithAdam(defaults);
        if (HasPosteriorGate) defaults = WithGate(defaults);
        return generator == GeneratorKind.Linear ? defaults : WithConvolutions(defaults);
    }

    private static Experiment WithAdam(Experiment defaults) => defaults with
    {
        Schedule = defaults.Schedule with { LearningRate = AutoencoderRate, Adam = new() { Beta1 = 0.9, WeightDecay = 0 } },
    };

    private Experiment WithGate(Experiment defaults) => defaults with
    {
        Posterior = defaults.Posterior with { Estimator = GradientEstimator.Probability },
        Sampling = defaults.Sampling with { Draws = 1 },
        Sparsity = Gate == GateKind.Laplacian ? new() { GateWidth = LaplacianWidth } : new(),
    };

    private static Experiment WithConvolutions(Experiment defaults) => defaults with
    {
        Data = new() { Source = DataOptions.FashionMnist, TrainSamples = 60_000, ValidationSamples = 10_000, Normalisation = Normalisation.None },
        Network = new() { Backbone = BackboneKind.Convolutional },
        Generator = new() { Kind = GeneratorKind.Convolutional, Atoms = 64 },
        Schedule = defaults.Schedule with { BatchSize = 512, LearningRate = 3e-4, Temperature = new() { Floor = 0.005 } },
    };
}
