using VariationalSparseCoding.Data;

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
        errors.Check(Schedule.BatchSize != 1, "schedule.batchSize", "must be at least 2 for convolutional networks: batch normalisation makes nothing of a single image");
    }

    private void ValidateBfloat16(Errors errors, Method method)
    {
        if (Generator.Kind == GeneratorKind.Convolutional) return;
        bool has = !method.IsMapInference && Compute.Device == ComputeDevice.Cpu && Prior.Kind == PriorKind.Fixed && !Sampling.IsImportanceBound
            && Posterior.Estimator is GradientEstimator.StraightThrough or GradientEstimator.Subgradient;
        errors.Check(has, "compute.precision",
            "with a linear generator 'bf16' is for variational methods on the processor with the fixed prior, the estimator 'straight-through' or 'subgradient', and without the bound 'iwae'; use 'fp32'");
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
