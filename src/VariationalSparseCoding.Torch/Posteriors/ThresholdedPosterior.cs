using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Posteriors;

/// <summary>A Gaussian or Laplacian whose samples pass the shifted soft-threshold, fixed or learned, or no threshold (docs/mathematics.md sections 3.3 and 3.4).</summary>
internal sealed class ThresholdedPosterior : Posterior
{
    private readonly LocationScaleFamily family;
    private readonly PosteriorOptions options;
    private readonly GammaThreshold? learned;

    /// <summary>Creates the posterior.</summary>
    /// <param name="family">The base distribution.</param>
    /// <param name="options">Threshold and gradient estimator.</param>
    public ThresholdedPosterior(LocationScaleFamily family, PosteriorOptions options)
    {
        this.family = family;
        this.options = options;
        learned = options.Threshold == ThresholdKind.Gamma ? new(options.GammaPriorShape, GammaPrior.Mean(options)) : null;
        Heads = learned is null ? [Head.Scale, Head.Shift] : [Head.Scale, Head.Shift, Head.LogShape, Head.LogRate];
    }

    public override IReadOnlyList<Head> Heads { get; }

    internal override Tensor BaseNoise(NoiseBatch batch) => family.Noise(batch);

    public override Tensor Sample(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal)
    {
        using var scope = NewDisposeScope();
        var (deviation, _) = Deviation(heads, noise, anneal);
        var shift = PerSample(heads.Shift);
        var codes = options.Threshold == ThresholdKind.None ? shift.Plus(deviation) : ShiftedSoftThreshold.Apply(shift, deviation, Threshold(heads, noise));
        return codes.MoveToOuterDisposeScope();
    }

    public override HeadTensors Derivatives(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal)
    {
        using var scope = NewDisposeScope();
        var (deviation, growth) = Deviation(heads, noise, anneal);
        var byScale = deviation.Times(growth);
        var ones = ones_like(deviation);
        HeadTensors derivatives;
        if (options.Threshold == ThresholdKind.None) derivatives = new(byScale, ones);
        else
        {
            var active = ShiftedSoftThreshold.IsActive(deviation, Threshold(heads, noise)).to(deviation.dtype);
            derivatives = options.Estimator == GradientEstimator.Subgradient ? new(active * byScale, active)
                : new(byScale, options.ShiftGradient == ShiftGradient.OnePlusActive ? ones.Plus(active) : ones);
            if (learned is not null)
            {
                var byThreshold = -active * deviation.sign();
                var (byLogShape, byLogRate) = GammaThreshold.Derivatives(heads, noise.Threshold!);
                derivatives = derivatives with { LogShape = byThreshold * byLogShape, LogRate = byThreshold * byLogRate };
            }
        }
        return derivatives.Map(derivative => derivative.MoveToOuterDisposeScope());
    }

    internal override HeadTensors FixedPrior => new(tensor(Math.Log(options.PriorSpread)), tensor(0.0), LogShape: learned?.Prior.LogShape, LogRate: learned?.Prior.LogRate);

    internal override Tensor KullbackLeibler(HeadTensors heads, HeadTensors prior)
    {
        var divergence = family.KullbackLeibler(heads.Shift, heads.Scale, prior.Shift, prior.Scale);
        return ThresholdKullbackLeibler(heads) is { } thresholds ? divergence.Plus(thresholds) : divergence;
    }

    internal override Tensor? ThresholdKullbackLeibler(HeadTensors heads) =>
        learned is null ? null : learned.KullbackLeibler(heads).Times(options.GammaKlFactor);

    internal override LogDensity BaseDensity(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal)
    {
        var sample = PerSample(heads.Shift).Plus(family.Deviation(PerSample(heads.Scale), noise.Base, noiseScale: 1));
        return parameters => family.LogDensity((sample - parameters.Shift).abs(), parameters.Scale);
    }

    internal override LogDensity CodeDensity(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal)
    {
        var codes = Differentiable(heads, noise, anneal);
        if (options.Threshold == ThresholdKind.None) return parameters => family.LogDensity((codes - parameters.Shift).abs(), parameters.Scale);
        var active = codes.IsNotZero();
        if (learned is null)
        {
            var level = Threshold(heads, noise);
            return parameters => OfCode(parameters, level, level);
        }
        var threshold = GammaThreshold.Differentiable(heads, noise.Threshold!);
        // Tiny thresholds of active features would put an infinite slope where it is multiplied by zero.
        var inactiveThreshold = where(active, ones_like(threshold), threshold);
        return parameters => OfCode(parameters, threshold, inactiveThreshold).Plus(GammaThreshold.LogDensity(threshold, parameters.LogShape!, parameters.LogRate!));

        Tensor OfCode(HeadTensors parameters, Tensor ofActive, Tensor ofInactive) => where(active,
            family.LogDensity((codes - parameters.Shift).abs().Plus(ofActive), parameters.Scale),
            family.LogInactiveProbability(parameters.Scale, ofInactive));
    }

    /// <summary>The scale of the annealed deviation, on the family's logarithm.</summary>
    internal override HeadTensors Annealed(HeadTensors heads, AnnealedWeights anneal)
    {
        var (unitDeviation, _) = Deviation(heads, new(ones([1, 1, 1], heads.Scale.dtype, heads.Scale.device)), anneal);
        return heads with { Scale = unitDeviation.squeeze(1).log().Over(family.GrowthByLogScale) };
    }

    public override Tensor ActivityProbability(HeadTensors heads) => options.Threshold switch
    {
        ThresholdKind.None => ones_like(heads.Scale),
        ThresholdKind.Fixed => family.TailProbability(heads.Scale, options.ThresholdValue),
        _ => family.TailProbability(heads.Scale, GammaThreshold.Positive(heads.LogShape!), GammaThreshold.Positive(heads.LogRate!)),
    };

    private (Tensor Deviation, double Growth) Deviation(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal)
    {
        var logScale = PerSample(heads.Scale);
        return options.Estimator == GradientEstimator.Subgradient
            ? family.SubgradientDeviation(logScale, noise.Base, anneal.NoiseScale, options.SubgradientScale)
            : (family.Deviation(logScale, noise.Base, anneal.NoiseScale), family.GrowthByLogScale);
    }

    private Tensor Threshold(HeadTensors heads, PosteriorNoise noise) =>
        learned is null ? full([1], options.ThresholdValue.Number(), noise.Base.dtype, noise.Base.device) : GammaThreshold.Sample(heads, noise.Threshold!);
}
