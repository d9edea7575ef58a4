namespace VariationalSparseCoding.Experiments;

/// <summary>How sparse the codes of an autoencoder are (docs/mathematics.md section 13). Other methods do not use it.</summary>
public sealed record SparsityOptions
{
    // Of the lesser of D and d.
    private const double UsualShare = 0.05;

    // The gate's gradient looks at the nearer one of two thresholds only, which is all there is to see of narrow posteriors.
    private const double LargestTwoSidedWidth = 1.0 / 3;

    /// <summary>
    /// Active features of a sample, k: exactly so many of methods 'topk' and 'gaussian-topk', and so many on average of the other autoencoders. At most the number of features; 0 takes 5% of the lesser
    /// of the samples' size and the number of features, and at least 1.
    /// </summary>
    public int Active { get; init; }

    /// <summary>Weight of the auxiliary loss, by which features that have fallen silent learn what the others leave over. From 0 to 1e6; 0 leaves them silent.</summary>
    public double AuxiliaryWeight { get; init; } = 1;

    /// <summary>The posterior's scale as a share of the threshold, of methods whose threshold stands around zero (docs/mathematics.md section 14): what decides the probability of exceeding it. From 0.001 to 1; 0.3 of a Gaussian and 0.2 of a Laplacian unless it is set.</summary>
    public double GateWidth { get; init; } = 0.3;

    /// <summary>What the gradient of that probability is multiplied by, under the estimator 'probability'. From 0 to 1e6.</summary>
    public double GateWeight { get; init; } = 0.6;

    /// <summary>The noise of draws at first, as a share of the posterior's scale, where the threshold stands around zero; it falls to 0 in the run, and codes are not noisy. From 0 (nothing is drawn) to 10.</summary>
    public double GateNoise { get; init; }

    /// <summary>The share of the run after which there is no such noise. From 0.01 to 1.</summary>
    public double GateNoiseEnd { get; init; } = 0.8;

    /// <summary>Whether codes may be below 0, where the threshold stands around zero: a feature is then active where the size of its draw exceeds the threshold.</summary>
    public bool TwoSided { get; init; }

    /// <summary>Whether the threshold is taken off the code, where it stands around zero and is fixed.</summary>
    public bool SoftValues { get; init; }

    /// <summary>Returns k.</summary>
    /// <param name="dimension">D.</param>
    /// <param name="features">d.</param>
    internal int ActiveOf(int dimension, int features) => Active > 0 ? Active : Math.Max(1, (int)Math.Round(UsualShare * Math.Min(dimension, features)));

    internal void Validate(Errors errors, Method method, ThresholdKind threshold, int features)
    {
        errors.Check(Active >= 0 && (Active <= features || method.Gate is null), "sparsity.active", $"must lie between 1 and the number of features, {features} (0: 5% of them, or of the samples' size), not {Active}");
        errors.NotNegative("sparsity.auxiliaryWeight", AuxiliaryWeight);
        // With other thresholds nothing would hold what all values and their threshold have in common.
        errors.Check(!SoftValues || !method.HasPosteriorGate || threshold == ThresholdKind.Fixed, "sparsity.softValues", "needs the threshold 'fixed'");
        errors.Within("sparsity.gateWidth", GateWidth, 1e-3, TwoSided ? LargestTwoSidedWidth : 1);
        errors.NotNegative("sparsity.gateWeight", GateWeight);
        errors.Within("sparsity.gateNoise", GateNoise, 0, 10);
        errors.Within("sparsity.gateNoiseEnd", GateNoiseEnd, 0.01, 1);
    }
}
