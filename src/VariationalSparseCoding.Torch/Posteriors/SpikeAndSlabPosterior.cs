using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Posteriors;

/// <summary>
/// Spike-and-slab with a relaxed spike (docs/mathematics.md section 3.5): z = q slab, slab = w mu + e (w sigma + sqrt(1 - w)), and q the concrete variable
/// c = sigmoid((logit(eta) + logit)/tau), rounded or not.
/// </summary>
/// <param name="options">Prior, spike and gradient estimator.</param>
internal sealed class SpikeAndSlabPosterior(PosteriorOptions options) : Posterior
{
    /// <summary>Conditional draws of the Gumbel-Rao estimator, K.</summary>
    public const int RaoDraws = 20;

    private const double SmallestProbability = 1e-6;

    private readonly GaussianFamily slabs = new();

    public override IReadOnlyList<Head> Heads { get; } = [Head.Scale, Head.Shift, Head.Spike];

    internal override Tensor BaseNoise(NoiseBatch batch) => slabs.Noise(batch);

    public override Tensor Sample(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal)
    {
        using var scope = NewDisposeScope();
        return (Spike(heads, noise, anneal) * Slab(heads, noise, anneal)).MoveToOuterDisposeScope();
    }

    public override HeadTensors Derivatives(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal)
    {
        using var scope = NewDisposeScope();
        var spike = Spike(heads, noise, anneal);
        var byScale = (spike * noise.Base * PerSample(heads.Scale.Times(0.5).exp())).Times(0.5 * anneal.NoiseScale);
        var bySpike = Slab(heads, noise, anneal) * SpikeDerivative(heads, noise, anneal);
        return new HeadTensors(byScale, spike.Times(anneal.NoiseScale), bySpike).Map(derivative => derivative.MoveToOuterDisposeScope());
    }

    internal override HeadTensors FixedPrior => new(tensor(Math.Log(options.PriorSpread)), tensor(0.0), Spike: tensor(options.SpikeLogit == SpikeLogit.LogOdds
        ? Math.Log(options.SpikePrior) - Math.Log(1 - options.SpikePrior)
        : Math.Log(options.SpikePrior)));

    /// <summary>gamma KL(slab) + (1 - gamma) log((1 - gamma)/(1 - gamma0)) + gamma log(gamma/gamma0).</summary>
    internal override Tensor KullbackLeibler(HeadTensors heads, HeadTensors prior)
    {
        var slab = slabs.KullbackLeibler(heads.Shift, heads.Scale, prior.Shift, prior.Scale);
        Tensor active = Probability(heads.Spike!), priorActive = Probability(prior.Spike!);
        return (active * slab).Plus(active.OneMinus() * (active.OneMinus().log() - priorActive.OneMinus().log())).Plus(active * (active.log() - priorActive.log()));
    }

    internal override LogDensity BaseDensity(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal) =>
        DensityOf(DifferentiableSpike(heads, noise, anneal), Slab(heads, noise, anneal with { NoiseScale = 1 }));

    internal override LogDensity CodeDensity(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal) =>
        DensityOf(DifferentiableSpike(heads, noise, anneal), Slab(heads, noise, anneal));

    internal override HeadTensors Annealed(HeadTensors heads, AnnealedWeights anneal)
    {
        double w = anneal.NoiseScale;
        return heads with { Shift = heads.Shift.Times(w), Scale = heads.Scale.Times(0.5).exp().Times(w).Plus(Math.Sqrt(1 - w)).log().Times(2) };
    }

    /// <summary>
    /// q (log P(on) + log N(slab; mu, sigma^2)) + (1 - q) log P(off): a slab counts where its spike is on. Linear in the spike, so that the estimator's
    /// gradient of a spike meets the price of having it on.
    /// </summary>
    private LogDensity DensityOf(Tensor spike, Tensor slab) => parameters =>
    {
        var logit = Logit(parameters.Spike!);
        var on = nn.functional.logsigmoid(logit).Plus(slabs.LogDensity((slab - parameters.Shift).abs(), parameters.Scale));
        return (spike * on).Plus(spike.OneMinus() * nn.functional.logsigmoid(-logit));
    };

    /// <summary>The spikes, with the estimator's gradient to their head, [B, J, d].</summary>
    private Tensor DifferentiableSpike(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal)
    {
        Tensor spike, byHead;
        using (no_grad())
        {
            spike = Spike(heads, noise, anneal);
            byHead = SpikeDerivative(heads, noise, anneal);
        }
        var head = PerSample(heads.Spike!);
        return spike.Plus(byHead * (head - head.detach()));
    }

    public override Tensor ActivityProbability(HeadTensors heads) =>
        options.Estimator == GradientEstimator.GumbelSoftmax ? ones_like(heads.Scale) : OnProbability(heads);

    /// <summary>P(c > 1/2); at the low temperature of an evaluation, the mean of c too.</summary>
    /// <param name="heads">The heads' outputs, [B, d] each.</param>
    private protected override Tensor OnProbability(HeadTensors heads) => Logit(heads.Spike!).sigmoid();

    /// <summary>gamma, kept off 0 and 1 by 1e-6.</summary>
    private Tensor Probability(Tensor head)
    {
        var probability = options.SpikeLogit == SpikeLogit.LogOdds ? head.sigmoid() : Logit(head).exp();
        return probability.Within(SmallestProbability, 1 - SmallestProbability);
    }

    private Tensor Logit(Tensor head) => options.SpikeLogit == SpikeLogit.LogOdds ? head : -(-head).relu();

    private Tensor LogitDerivative(Tensor head) => options.SpikeLogit == SpikeLogit.LogOdds ? ones_like(head) : head.lt(0.0.Number()).to(head.dtype);

    private Tensor Concrete(HeadTensors heads, Tensor uniform, AnnealedWeights anneal) =>
        (uniform.log() - (-uniform).log1p()).Plus(PerSample(Logit(heads.Spike!))).Over(anneal.Temperature).sigmoid();

    /// <summary>dq/d(head), as the estimator defines it, [B, J, d].</summary>
    private Tensor SpikeDerivative(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal)
    {
        var concreteByLogit = options.Estimator == GradientEstimator.GumbelRao
            ? ConcreteDerivativeGivenRounding(heads, noise, anneal)
            : ConcreteDerivative(Concrete(heads, noise.Spike!, anneal), anneal);
        return concreteByLogit * PerSample(LogitDerivative(heads.Spike!));
    }

    private static Tensor ConcreteDerivative(Tensor concrete, AnnealedWeights anneal) => (concrete * concrete.OneMinus()).Over(anneal.Temperature);

    // The concrete variable rounds to 1 where eta is above the probability of a spike that is off: one rule of activity, in every precision and on every path.
    private Tensor Spike(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal) => options.Estimator == GradientEstimator.GumbelSoftmax
        ? Concrete(heads, noise.Spike!, anneal)
        : (noise.Spike! > PerSample((-Logit(heads.Spike!)).sigmoid())).to(noise.Base.dtype);

    private static Tensor Slab(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal)
    {
        double w = anneal.NoiseScale;
        return PerSample(heads.Shift.Times(w)).Plus(noise.Base * PerSample(heads.Scale.Times(0.5).exp().Times(w)).Plus(Math.Sqrt(1 - w)));
    }

    /// <summary>
    /// The mean of dc/dlogit over K draws of eta given the rounded spike: eta is uniform above 1 - p where the spike is on and below it
    /// where it is off, p = sigmoid(logit) (Paulus et al., "Rao-Blackwellizing the Straight-Through Gumbel-Softmax Gradient Estimator", 2021).
    /// </summary>
    private Tensor ConcreteDerivativeGivenRounding(HeadTensors heads, PosteriorNoise noise, AnnealedWeights anneal)
    {
        var logit = PerSample(Logit(heads.Spike!)).unsqueeze(-1);
        var off = (-logit).sigmoid();
        var on = Spike(heads, noise, anneal).unsqueeze(-1);
        var uniform = where(on.IsAbove(0.5), off.Plus(off.OneMinus() * noise.SpikeGivenRounding!), off * noise.SpikeGivenRounding!);
        var concrete = (uniform.log() - (-uniform).log1p()).Plus(logit).Over(anneal.Temperature).sigmoid();
        return ConcreteDerivative(concrete, anneal).mean([-1]);
    }
}
