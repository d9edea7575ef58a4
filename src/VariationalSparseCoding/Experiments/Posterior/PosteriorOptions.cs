using System.Text.Json.Serialization;
using static System.FormattableString;

namespace VariationalSparseCoding.Experiments;

/// <summary>The variational posterior, its prior and its gradient estimator (docs/mathematics.md section 3).</summary>
public sealed record PosteriorOptions
{
    /// <summary>The family, by its name; fixed by the method.</summary>
    [JsonInclude]
    internal MethodFamily Family { get; init; } = MethodTable.Default.Family;

    /// <summary>The threshold of draws; fixed by the method, but for thresholds around zero, which may be of any kind but 'none' and 'gamma'.</summary>
    [JsonInclude]
    internal ThresholdKind Threshold { get; init; } = ThresholdKind.Fixed;

    /// <summary>The threshold l0, or what its Gamma prior is matched to (<see cref="GammaPriorMatch"/>). From 1e-12 to 1e6. At the prior it leaves exp(-l0/b0) of a Laplacian's features active and 2(1 - Phi(l0/s0)) of a Gaussian's.</summary>
    public double ThresholdValue { get; init; } = 0.25;

    /// <summary>The way of gradients past the threshold or the spike.</summary>
    public GradientEstimator Estimator { get; init; } = GradientEstimator.StraightThrough;

    /// <summary>Derivative of a thresholded draw by its shift (docs/mathematics.md section 9, row 5).</summary>
    public ShiftGradient ShiftGradient { get; init; } = ShiftGradient.One;

    /// <summary>Noise scale of the Laplacian under the subgradient estimator (docs/mathematics.md section 9, row 6).</summary>
    public SubgradientScale SubgradientScale { get; init; } = SubgradientScale.Scale;

    /// <summary>The map from the spike head to a probability (docs/mathematics.md section 9, row 9).</summary>
    public SpikeLogit SpikeLogit { get; init; } = SpikeLogit.LogOdds;

    /// <summary>Spread of the prior: the variance of a Gaussian or slab, the scale of a Laplacian. From 1e-12 to 1e6.</summary>
    public double PriorSpread { get; init; } = 0.1;

    /// <summary>Prior probability that a spike-and-slab feature is active, from 1e-6 to 1 - 1e-6.</summary>
    public double SpikePrior { get; init; } = 0.1;

    /// <summary>The values with which the inference network's heads begin.</summary>
    public InitialHeads InitialHeads { get; init; } = InitialHeads.UniformByFanIn;

    /// <summary>Shape of the Gamma prior of a learned threshold; its rate is the shape over its mean. From 1e-12 to 1e6, and at least 0.01 where the prior matches the active fraction.</summary>
    public double GammaPriorShape { get; init; } = 3;

    /// <summary>Whether the Gamma prior's mean is <see cref="ThresholdValue"/>, or is raised until it keeps as many features active as that fixed threshold. Learned thresholds only.</summary>
    public GammaPriorMatch GammaPriorMatch { get; init; } = GammaPriorMatch.Threshold;

    /// <summary>Weight of the KL of learned thresholds beside the base distribution's. From 0 to 1e6.</summary>
    public double GammaKlFactor { get; init; } = 0.1;

    internal void Validate(Errors errors, Method method)
    {
        errors.Check(Family == method.Family, "posterior.family", $"is fixed by method '{method.Name}': leave it out");
        if (method.HasPosteriorGate) CheckGate(errors);
        else errors.Check(Threshold == method.Threshold, "posterior.threshold", $"is fixed by method '{method.Name}': leave it out");
        errors.Named("posterior.estimator", Estimator);
        errors.Named("posterior.shiftGradient", ShiftGradient);
        errors.Named("posterior.subgradientScale", SubgradientScale);
        errors.Named("posterior.spikeLogit", SpikeLogit);
        errors.Named("posterior.initialHeads", InitialHeads);
        errors.Named("posterior.gammaPriorMatch", GammaPriorMatch);
        errors.Positive("posterior.thresholdValue", ThresholdValue);
        errors.Positive("posterior.priorSpread", PriorSpread);
        errors.Positive("posterior.gammaPriorShape", GammaPriorShape);
        errors.NotNegative("posterior.gammaKlFactor", GammaKlFactor);
        // Its logarithm and that of its complement are taken, in single precision.
        errors.Within("posterior.spikePrior", SpikePrior, 1e-6, 1 - 1e-6);
        if (GammaPriorMatch == GammaPriorMatch.ActiveFraction) CheckActiveFraction(errors);
        errors.Check(Estimator != GradientEstimator.Subgradient || Threshold != ThresholdKind.None,
            "posterior.estimator", "'subgradient' needs a thresholded method");
        errors.Check(Estimator != GradientEstimator.Probability || method.HasPosteriorGate, "posterior.estimator", "'probability' needs a method whose threshold stands around zero");
        errors.Check(Estimator is not (GradientEstimator.GumbelSoftmax or GradientEstimator.GumbelRao) || method.Family.HasSpikes,
            "posterior.estimator", "'gumbel-softmax' and 'gumbel-rao' need the method 'spike-and-slab'");
    }

    private void CheckGate(Errors errors)
    {
        errors.Named("posterior.threshold", Threshold);
        errors.Check(Threshold is not (ThresholdKind.None or ThresholdKind.Gamma), "posterior.threshold", "must be 'batch', 'sample', 'learned' or 'fixed' where it stands around zero");
        errors.Check(Estimator is GradientEstimator.Probability or GradientEstimator.StraightThrough, "posterior.estimator", "must be 'probability' or 'straight-through' where the threshold stands around zero");
    }

    private void CheckActiveFraction(Errors errors)
    {
        errors.Check(Threshold == ThresholdKind.Gamma, "posterior.gammaPriorMatch", "'active-fraction' needs a method with learned thresholds");
        errors.Check(GammaPriorShape >= GammaPrior.SmallestShape, "posterior.gammaPriorShape", Invariant($"must be at least {GammaPrior.SmallestShape} where the prior matches the active fraction, not {GammaPriorShape}"));
        if (errors.Lines.Count == 0)
            errors.Check(double.IsFinite(GammaPrior.Mean(this)), "posterior.gammaPriorMatch", "no finite threshold keeps so few features active; lower posterior.thresholdValue");
    }
}
