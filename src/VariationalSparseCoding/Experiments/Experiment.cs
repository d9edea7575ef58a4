using System.Runtime.Intrinsics.X86;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Posteriors;

namespace VariationalSparseCoding.Experiments;

/// <summary>The typed description of a run: everything that decides its result. Written as JSON; see <see cref="ExperimentJson"/>.</summary>
public sealed record Experiment
{
    /// <summary>A line for humans: what the run is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>Name of the method, a row of <see cref="MethodTable"/>. It sets the defaults of the sections below.</summary>
    public string Method { get; init; } = MethodTable.Default.Name;

    /// <summary>The preset of options where paper and published code disagree.</summary>
    public Fidelity Fidelity { get; init; } = Fidelity.Equations;

    /// <summary>Seed of every random number of the run.</summary>
    public ulong Seed { get; init; }

    /// <summary>Where the samples come from.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>The distribution of the codes, its prior and its gradient estimator.</summary>
    public PosteriorOptions Posterior { get; init; } = new();

    /// <summary>What the codes' distribution is held to.</summary>
    public PriorOptions Prior { get; init; } = new();

    /// <summary>How many samples are drawn for an input and how they are combined.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>The weights of the objective's terms.</summary>
    public ObjectiveOptions Objective { get; init; } = new();

    /// <summary>The inference network.</summary>
    public NetworkOptions Network { get; init; } = new();

    /// <summary>The map from codes to samples.</summary>
    public GeneratorOptions Generator { get; init; } = new();

    /// <summary>Length of the run, step sizes and warm-ups.</summary>
    public ScheduleOptions Schedule { get; init; } = new();

    /// <summary>Versions and processor of the run's start, for the record; nothing depends on it.</summary>
    public string CreatedWith { get; init; } = "";

    /// <summary>The machine's part: it may change the speed, and the last bits of sums (in bf16 more of them), but no random number.</summary>
    public ComputeOptions Compute { get; init; } = new();

    /// <summary>Checks every option; an empty list means that the run can start.</summary>
    /// <returns>One line for each error, each naming the option.</returns>
    public IReadOnlyList<string> Validate()
    {
        var errors = new Errors();
        if (MethodTable.Find(Method) is not { } method)
        {
            errors.Add("method", $"'{Method}' is none of {string.Join(", ", MethodTable.All.Select(m => m.Name))}");
            return errors.Lines;
        }
        Data.Validate(errors.Lines);
        Posterior.Validate(errors, method);
        Prior.Validate(errors, method);
        Sampling.Validate(errors);
        if (Sampling.IsImportanceBound) ValidateImportanceBound(errors);
        Objective.Validate(errors);
        ValidateNetworks(errors, method);
        Generator.Validate(errors);
        Schedule.Validate(errors, Data);
        Compute.Validate(errors);
        if (Compute.Precision == ComputePrecision.Bf16) ValidateBfloat16(errors, method);
        return errors.Lines;
    }

    private void ValidateNetworks(Errors errors, Method method)
    {
        if (Generator.Kind == GeneratorKind.Linear)
        {
            errors.Check(Network.Backbone == BackboneKind.Mlp, "network.backbone", $"'{ExperimentJson.Name(Network.Backbone)}' needs the generator 'convolutional'; use 'mlp'");
            return;
        }
        errors.Check(!method.IsMapInference, "generator.kind", $"method '{method.Name}' needs a dictionary; use 'linear'");
        errors.Check(Network.Backbone != BackboneKind.Mlp, "network.backbone", "'mlp' needs the generator 'linear'; use 'convolutional' or 'resnet18'");
    }

    private void ValidateBfloat16(Errors errors, Method method)
    {
        if (Generator.Kind == GeneratorKind.Convolutional)
        {
            errors.Add("compute.precision", "'bf16' is for linear generators: the float32 kernels that screen a convolutional generator's samples are faster; use 'fp32'");
            return;
        }
        bool has = !method.IsMapInference && Compute.Device == ComputeDevice.Cpu && Prior.Kind == PriorKind.Fixed && !Sampling.IsImportanceBound
            && Posterior.Estimator is GradientEstimator.StraightThrough or GradientEstimator.Subgradient;
        errors.Check(has, "compute.precision",
            "'bf16' is for variational methods on the processor with the fixed prior, the estimator 'straight-through' or 'subgradient', and without the bound 'iwae'; use 'fp32'");
    }

    private void ValidateImportanceBound(Errors errors)
    {
        const string Needed = "'iwae' with the weights 'bound'";
        errors.Check(Objective.KlWeight != 0, "objective.klWeight", $"must be above 0 for {Needed}: it sets the variance of the likelihood");
        errors.Check(Posterior.Estimator != GradientEstimator.GumbelSoftmax, "posterior.estimator",
            $"'gumbel-softmax' cannot have {Needed}: a relaxed code has no density; use 'straight-through'");
        errors.Check(Schedule.KlWarmUp.Initial > 0, "schedule.klWarmUp.initial", $"must be above 0 for {Needed}: it sets the variance of the likelihood");
        errors.Check(Posterior.Family != PosteriorFamily.Laplacian || Schedule.WarmUp.Initial > 0, "schedule.warmUp.initial",
            $"must be above 0 for {Needed}: codes drawn without noise have no density");
    }
}

/// <summary>The variational posterior, its prior and its gradient estimator (SPEC section 3).</summary>
public sealed record PosteriorOptions
{
    /// <summary>The base distribution; fixed by the method.</summary>
    public PosteriorFamily Family { get; init; } = PosteriorFamily.Laplacian;

    /// <summary>What the base samples are thresholded with; fixed by the method.</summary>
    public ThresholdKind Threshold { get; init; } = ThresholdKind.Fixed;

    /// <summary>The threshold l0, or what its Gamma prior is matched to (<see cref="GammaPriorMatch"/>). Above 0. At the prior it leaves exp(-l0/b0) of a Laplacian's features active and 2(1 - Phi(l0/s0)) of a Gaussian's.</summary>
    public double ThresholdValue { get; init; } = 0.25;

    /// <summary>How gradients pass the threshold or the spike.</summary>
    public GradientEstimator Estimator { get; init; } = GradientEstimator.StraightThrough;

    /// <summary>Derivative of a thresholded sample by its shift (SPEC section 9, row 5).</summary>
    public ShiftGradient ShiftGradient { get; init; } = ShiftGradient.One;

    /// <summary>Noise scale of the Laplacian under the subgradient estimator (SPEC section 9, row 6).</summary>
    public SubgradientScale SubgradientScale { get; init; } = SubgradientScale.Scale;

    /// <summary>How the spike head becomes a probability (SPEC section 9, row 9).</summary>
    public SpikeLogit SpikeLogit { get; init; } = SpikeLogit.LogOdds;

    /// <summary>Spread of the prior: the variance of a Gaussian or slab, the scale of a Laplacian. Above 0.</summary>
    public double PriorSpread { get; init; } = 0.1;

    /// <summary>Prior probability that a spike-and-slab feature is active, in (0, 1).</summary>
    public double SpikePrior { get; init; } = 0.1;

    /// <summary>Where the inference network's heads begin.</summary>
    public InitialHeads InitialHeads { get; init; } = InitialHeads.UniformByFanIn;

    /// <summary>Shape of the Gamma prior of a learned threshold; its rate is the shape over its mean. Above 0, and at least 0.01 where the prior matches the active fraction.</summary>
    public double GammaPriorShape { get; init; } = 3;

    /// <summary>Whether the Gamma prior's mean is <see cref="ThresholdValue"/>, or is raised until it keeps as many features active as that fixed threshold. Learned thresholds only.</summary>
    public GammaPriorMatch GammaPriorMatch { get; init; } = GammaPriorMatch.Threshold;

    /// <summary>Weight of the KL of learned thresholds beside the base distribution's. At least 0.</summary>
    public double GammaKlFactor { get; init; } = 0.1;

    internal void Validate(Errors errors, Method method)
    {
        errors.Check(Family == method.Family, "posterior.family", $"is fixed by method '{method.Name}': leave it out");
        errors.Check(Threshold == method.Threshold, "posterior.threshold", $"is fixed by method '{method.Name}': leave it out");
        errors.Positive("posterior.thresholdValue", ThresholdValue);
        errors.Positive("posterior.priorSpread", PriorSpread);
        errors.Positive("posterior.gammaPriorShape", GammaPriorShape);
        errors.NotNegative("posterior.gammaKlFactor", GammaKlFactor);
        errors.Check(SpikePrior is > 0 and < 1, "posterior.spikePrior", $"must lie between 0 and 1, not {SpikePrior}");
        if (GammaPriorMatch == GammaPriorMatch.ActiveFraction) CheckActiveFraction(errors);
        bool spike = Family == PosteriorFamily.SpikeAndSlab;
        errors.Check(Estimator != GradientEstimator.Subgradient || Threshold != ThresholdKind.None,
            "posterior.estimator", "'subgradient' needs a thresholded method");
        errors.Check(Estimator is not (GradientEstimator.GumbelSoftmax or GradientEstimator.GumbelRao) || spike,
            "posterior.estimator", "'gumbel-softmax' and 'gumbel-rao' need the method 'spike-and-slab'");
    }

    private void CheckActiveFraction(Errors errors)
    {
        errors.Check(Threshold == ThresholdKind.Gamma, "posterior.gammaPriorMatch", "'active-fraction' needs a method with learned thresholds");
        errors.Check(GammaPriorShape >= GammaPrior.SmallestShape, "posterior.gammaPriorShape", $"must be at least {GammaPrior.SmallestShape} where the prior matches the active fraction, not {GammaPriorShape}");
        if (errors.Lines.Count == 0)
            errors.Check(double.IsFinite(GammaPrior.Mean(this)), "posterior.gammaPriorMatch", "no finite threshold keeps so few features active; lower posterior.thresholdValue");
    }
}

/// <summary>The prior of the codes (SPEC sections 2.5 and 3.7). The Gamma prior of learned thresholds is not part of it and stays as it is.</summary>
public sealed record PriorOptions
{
    /// <summary>The kind of prior. The spread and spike probability of the fixed one are the posterior section's.</summary>
    public PriorKind Kind { get; init; } = PriorKind.Fixed;

    /// <summary>Number of pseudo-inputs K of 'vamp' and 'clf', each of the size of an input. From 1 to 100,000; 500, for spike-and-slab 100, as the authors used. The time of a step grows as batch x samples x K x atoms under 'vamp', without the samples under 'clf'; its memory likewise, but for the samples that are only compared.</summary>
    public int Components { get; init; } = 500;

    internal void Validate(Errors errors, Method method)
    {
        errors.Check(Kind == PriorKind.Fixed || !method.IsMapInference, "prior.kind", $"method '{method.Name}' has no prior: leave it out");
        errors.Check(Components is >= 1 and <= 100_000, "prior.components", $"must lie between 1 and 100000, not {Components}");
    }
}

/// <summary>The J samples of an input (SPEC section 4).</summary>
public sealed record SamplingOptions
{
    /// <summary>Samples drawn per input in training, J. From 1 to 10,000.</summary>
    public int Samples { get; init; } = 20;

    /// <summary>How the samples are combined.</summary>
    public SampleSelection Selection { get; init; } = SampleSelection.Max;

    /// <summary>What importance weights are made of, where the selection is 'iwae' (SPEC section 9, row 15).</summary>
    public ImportanceWeights ImportanceWeights { get; init; } = ImportanceWeights.Bound;

    /// <summary>Samples drawn per input in validation, evaluation and encoding, from 1 to 10,000; 0 takes the training's, as the published numbers do (SPEC section 9, row 29).</summary>
    public int EvaluationSamples { get; init; }

    internal int EvaluationBudget => EvaluationSamples == 0 ? Samples : EvaluationSamples;

    internal bool IsImportanceBound => Selection == SampleSelection.Iwae && ImportanceWeights == ImportanceWeights.Bound;

    internal void Validate(Errors errors)
    {
        errors.Check(Samples is >= 1 and <= 10_000, "sampling.samples", $"must lie between 1 and 10000, not {Samples}");
        errors.Check(EvaluationSamples is >= 0 and <= 10_000, "sampling.evaluationSamples", $"must lie between 0 (as many as in training) and 10000, not {EvaluationSamples}");
    }
}

/// <summary>The weights of the objective's terms (SPEC sections 0, 5.1 and 6.1).</summary>
public sealed record ObjectiveOptions
{
    /// <summary>Weight beta of the KL, which is a sum over features, beside the reconstruction, which is a mean over pixels. At least 0.</summary>
    public double KlWeight { get; init; } = 1e-2;

    /// <summary>Weight lambda of the 1-norm in the sparse-coding objective 1/2||x - Az||^2 + lambda ||z||_1: the MAP solvers' and the evaluation's. At least 0.</summary>
    public double Lambda { get; init; } = 20;

    /// <summary>Weight kappa of the dictionary's penalty kappa ||A||_F^2 in training. At least 0.</summary>
    public double DictionaryPenalty { get; init; } = 1e-4;

    internal void Validate(Errors errors)
    {
        errors.NotNegative("objective.klWeight", KlWeight);
        errors.NotNegative("objective.lambda", Lambda);
        errors.NotNegative("objective.dictionaryPenalty", DictionaryPenalty);
    }
}

/// <summary>The inference network (SPEC sections 2.1 and 2.2).</summary>
public sealed record NetworkOptions
{
    /// <summary>The body before the heads: 'mlp' with a linear generator, else 'convolutional' or 'resnet18'.</summary>
    public BackboneKind Backbone { get; init; } = BackboneKind.Mlp;
}

/// <summary>The generator: x = A z (SPEC section 2.4), or transposed convolutions (SPEC section 2.3).</summary>
public sealed record GeneratorOptions
{
    /// <summary>The kind of generator.</summary>
    public GeneratorKind Kind { get; init; } = GeneratorKind.Linear;

    /// <summary>Number of latent features d: of a linear generator the atoms, the columns of A. From 1 to 65,536.</summary>
    public int Atoms { get; init; } = 256;

    /// <summary>Norm of each atom at the start. Above 0; of no meaning for a convolutional generator.</summary>
    public double InitialNorm { get; init; } = 1;

    /// <summary>What batch normalisation takes its statistics from in training; of no meaning for a linear generator.</summary>
    public BatchNormStatistics BatchNorm { get; init; } = BatchNormStatistics.Selected;

    internal void Validate(Errors errors)
    {
        errors.Check(Atoms is >= 1 and <= 65_536, "generator.atoms", $"must lie between 1 and 65536, not {Atoms}");
        errors.Positive("generator.initialNorm", InitialNorm);
    }
}

/// <summary>Adam, which trains deep generators and their inference networks (SPEC section 5.2). Its learning rate is the schedule's.</summary>
public sealed record AdamOptions
{
    /// <summary>Decay of the mean of gradients, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.5;

    /// <summary>Decay of the mean of squared gradients, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>What is added to the root of the mean of squared gradients. Above 0.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Weight of the parameters' L2 penalty in the gradient (not decoupled). At least 0.</summary>
    public double WeightDecay { get; init; } = 1e-5;

    internal void Validate(Errors errors)
    {
        errors.Check(Beta1 is >= 0 and < 1, "schedule.adam.beta1", $"must lie in [0, 1), not {Beta1}");
        errors.Check(Beta2 is >= 0 and < 1, "schedule.adam.beta2", $"must lie in [0, 1), not {Beta2}");
        errors.Positive("schedule.adam.epsilon", Epsilon);
        errors.NotNegative("schedule.adam.weightDecay", WeightDecay);
    }
}

/// <summary>A quantity that starts low: Initial up to step Start, then Increment more at each step, at most 1 (SPEC section 3.6).</summary>
public sealed record WarmUp
{
    /// <summary>The value at step 0, from 0 to 1.</summary>
    public double Initial { get; init; } = 0.1;

    /// <summary>The last step that has the initial value. At least 0.</summary>
    public int Start { get; init; } = 1500;

    /// <summary>What each later step adds. Above 0.</summary>
    public double Increment { get; init; } = 2e-4;

    /// <summary>The quantity at a step.</summary>
    /// <param name="step">The step, counted from 0.</param>
    /// <returns>A value from <see cref="Initial"/> to 1.</returns>
    public double At(long step) => Math.Min(1, Initial + Increment * Math.Max(0, step - Start));

    internal void Validate(Errors errors, string name)
    {
        errors.Check(Initial is >= 0 and <= 1, $"{name}.initial", $"must lie between 0 and 1, not {Initial}");
        errors.Check(Start >= 0, $"{name}.start", $"must be at least 0, not {Start}");
        errors.Positive($"{name}.increment", Increment);
    }
}

/// <summary>The temperature of a relaxed choice: max(Floor, Decay^step) (SPEC section 3.6).</summary>
public sealed record TemperatureOptions
{
    /// <summary>Factor per step, in (0, 1].</summary>
    public double Decay { get; init; } = 0.9995;

    /// <summary>The lowest temperature, in (0, 1].</summary>
    public double Floor { get; init; } = 0.5;

    /// <summary>The temperature at a step, counted from 0.</summary>
    /// <param name="step">The step.</param>
    public double At(long step) => Math.Max(Floor, Math.Pow(Decay, step));

    internal void Validate(Errors errors, string name)
    {
        errors.Check(Decay is > 0 and <= 1, $"{name}.decay", $"must lie between 0 and 1, not {Decay}");
        errors.Check(Floor is > 0 and <= 1, $"{name}.floor", $"must lie between 0 and 1, not {Floor}");
    }
}

/// <summary>Length of the run, step sizes and warm-ups (SPEC sections 3.6 and 5.1). Warm-ups are counted in steps and sized for the paper's 240,000 of them.</summary>
public sealed record ScheduleOptions
{
    /// <summary>Passes over the training samples. From 1 to 100,000.</summary>
    public int Epochs { get; init; } = 300;

    /// <summary>Samples per step, B. At least 1; a last batch that is not full is left out.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>Highest learning rate of the inference network, and of a convolutional generator. Above 0.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Nesterov momentum of the inference network, in [0, 1); of no meaning for a convolutional generator, which Adam trains.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>The optimiser of a convolutional generator and its inference network; of no meaning for a linear one.</summary>
    public AdamOptions Adam { get; init; } = new();

    /// <summary>Share of the run in which the learning rate rises, in [0, 1].</summary>
    public double LearningRateWarmUp { get; init; } = 0.05;

    /// <summary>Step size of the dictionary in epoch 0. At least 0; 0 keeps the dictionary as it is.</summary>
    public double DictionaryStep { get; init; } = 0.5;

    /// <summary>Factor of the dictionary's step size per epoch, in (0, 1].</summary>
    public double DictionaryStepDecay { get; init; } = 0.99;

    /// <summary>Warm-up of the noise scale w (Laplacian families, spike-and-slab) or of lambda (fista). Gaussian families have none.</summary>
    public WarmUp WarmUp { get; init; } = new();

    /// <summary>Warm-up of the KL's weight beta, as a share of it. By default there is none, as published; a dictionary that the codes at full weight would not use yet can form under a smaller one.</summary>
    public WarmUp KlWarmUp { get; init; } = new() { Initial = 1, Start = 0 };

    /// <summary>Temperature of relaxed spikes (spike-and-slab).</summary>
    public TemperatureOptions Temperature { get; init; } = new();

    /// <summary>Temperature of the choice of a component (prior 'clf').</summary>
    public TemperatureOptions ClassifierTemperature { get; init; } = new() { Floor = 0.01 };

    /// <summary>Epochs between two validations; the last epoch is always validated. At least 1.</summary>
    public int ValidateEvery { get; init; } = 1;

    /// <summary>Step size of the dictionary in an epoch; training that goes on after the last epoch, as on a stream, begins again.</summary>
    /// <param name="epoch">The epoch, counted from 0.</param>
    public double DictionaryStepAt(long epoch) => DictionaryStep * Math.Pow(DictionaryStepDecay, epoch % Epochs);

    internal Anneal AnnealAt(long step) => new(WarmUp.At(step), Temperature.At(step), ClassifierTemperature.At(step), KlWarmUp.At(step));

    internal void Validate(Errors errors, DataOptions data)
    {
        errors.Check(Epochs is >= 1 and <= 100_000, "schedule.epochs", $"must lie between 1 and 100000, not {Epochs}");
        errors.Check(BatchSize >= 1, "schedule.batchSize", $"must be at least 1, not {BatchSize}");
        errors.Check(BatchSize <= data.TrainSamples || data.TrainSamples < 1, "schedule.batchSize", $"{BatchSize} is more than the {data.TrainSamples} training samples");
        errors.Positive("schedule.learningRate", LearningRate);
        errors.Check(Momentum is >= 0 and < 1, "schedule.momentum", $"must lie in [0, 1), not {Momentum}");
        errors.Check(LearningRateWarmUp is >= 0 and <= 1, "schedule.learningRateWarmUp", $"must lie between 0 and 1, not {LearningRateWarmUp}");
        Adam.Validate(errors);
        errors.NotNegative("schedule.dictionaryStep", DictionaryStep);
        errors.Check(DictionaryStepDecay is > 0 and <= 1, "schedule.dictionaryStepDecay", $"must lie between 0 and 1, not {DictionaryStepDecay}");
        errors.Check(ValidateEvery >= 1, "schedule.validateEvery", $"must be at least 1, not {ValidateEvery}");
        WarmUp.Validate(errors, "schedule.warmUp");
        KlWarmUp.Validate(errors, "schedule.klWarmUp");
        Temperature.Validate(errors, "schedule.temperature");
        ClassifierTemperature.Validate(errors, "schedule.classifierTemperature");
    }
}

/// <summary>The machine's part of a run.</summary>
public sealed record ComputeOptions
{
    /// <summary>Threads of the tensor library; 0 takes one per core. Equal seeds give bit-identical runs at equal threads.</summary>
    public int Threads { get; init; }

    /// <summary>Where tensors live.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Cpu;

    /// <summary>What the inference network's products are computed in while it is trained. It changes the result, unlike the options above.</summary>
    public ComputePrecision Precision { get; init; } = ComputePrecision.Fp32;

    /// <summary>Whether this machine's processor multiplies bfloat16: it has AVX512-BF16.</summary>
    // The runtime has no property for it: leaf 7, subleaf 1, bit 5 of EAX.
    public static bool SupportsBfloat16 => X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;

    internal void Validate(Errors errors) =>
        errors.Check(Threads is >= 0 and <= 1024, "compute.threads", $"must lie between 0 (one per core) and 1024, not {Threads}");
}

/// <summary>The errors of an experiment, gathered so that all are reported at once.</summary>
internal sealed class Errors
{
    public List<string> Lines { get; } = [];

    public void Add(string option, string problem) => Lines.Add($"{option}: {problem}");

    public void Check(bool holds, string option, string problem)
    {
        if (!holds) Add(option, problem);
    }

    public void Positive(string option, double value) =>
        Check(value > 0 && double.IsFinite(value), option, $"must be a number above 0, not {value}");

    public void NotNegative(string option, double value) =>
        Check(value >= 0 && double.IsFinite(value), option, $"must be a number of at least 0, not {value}");
}
