namespace VariationalSparseCoding.Experiments;

/// <summary>The typed description of a run: everything that decides its result. Written as JSON; see <see cref="ExperimentJson"/>.</summary>
public sealed record Experiment
{
    /// <summary>A line for humans: the purpose of the run.</summary>
    public string Description { get; init; } = "";

    /// <summary>Name of the method, a row of <see cref="MethodTable"/>. It sets the defaults of the sections below.</summary>
    public string Method { get; init; } = MethodTable.Default.Name;

    /// <summary>The preset of options where paper and published code disagree.</summary>
    public Fidelity Fidelity { get; init; } = Fidelity.Equations;

    /// <summary>Seed of every random number of the run.</summary>
    public ulong Seed { get; init; }

    /// <summary>The source of the samples.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>The distribution of the codes, its prior and its gradient estimator.</summary>
    public PosteriorOptions Posterior { get; init; } = new();

    /// <summary>The prior to which the codes' distribution is drawn.</summary>
    public PriorOptions Prior { get; init; } = new();

    /// <summary>How many codes are drawn for a sample and how they are combined.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>How sparse the codes of an autoencoder are.</summary>
    public SparsityOptions Sparsity { get; init; } = new();

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
        RequireSections();
        var errors = new Errors();
        if (MethodTable.Find(Method) is not { } method)
        {
            errors.Add("method", $"'{Method}' is none of {string.Join(", ", MethodTable.All.Select(m => m.Name))}");
            return errors.Lines;
        }
        errors.Named("fidelity", Fidelity);
        errors.Named("network.backbone", Network.Backbone);
        errors.Check(Network.MostUnits >= 0, "network.mostUnits", "must be at least 0 (0: no limit)");
        bool isImported = Data.Source == DataOptions.Imported;
        errors.Check(isImported || !MethodTable.Imported.Contains(method), "method", $"'{method.Name}' is that of imported dictionaries, and cannot be trained; choose one of {string.Join(", ", MethodTable.All.Select(m => m.Name))}");
        errors.Check(isImported || Network.Centred, "network.centred", "can be false for imported autoencoders only; leave it out");
        errors.Named("schedule.stepSizes", Schedule.StepSizes);
        Data.Validate(errors.Lines);
        Posterior.Validate(errors, method);
        Prior.Validate(errors, method);
        Sampling.Validate(errors);
        if (Sampling.IsImportanceBound) ValidateImportanceBound(errors, method);
        Sparsity.Validate(errors, method, Posterior.Threshold, Generator.Atoms);
        Objective.Validate(errors);
        ValidateNetworks(errors, method);
        Generator.Validate(errors);
        Schedule.Validate(errors, Data);
        Compute.Validate(errors);
        errors.Check(Compute.Device == ComputeDevice.Cpu || method.IsVariational, "compute.device", $"method '{method.Name}' runs on the processor only; use 'cpu'");
        if (Compute.Precision == ComputePrecision.Bf16) ValidateBfloat16(errors, method);
        return errors.Lines;
    }

    // The compiler only warns of a null where a section is meant.
    private void RequireSections()
    {
        ArgumentNullException.ThrowIfNull(Method);
        ArgumentNullException.ThrowIfNull(Data);
        ArgumentNullException.ThrowIfNull(Posterior);
        ArgumentNullException.ThrowIfNull(Prior);
        ArgumentNullException.ThrowIfNull(Sampling);
        ArgumentNullException.ThrowIfNull(Sparsity);
        ArgumentNullException.ThrowIfNull(Objective);
        ArgumentNullException.ThrowIfNull(Network);
        ArgumentNullException.ThrowIfNull(Generator);
        ArgumentNullException.ThrowIfNull(Schedule);
        ArgumentNullException.ThrowIfNull(Compute);
    }

    private void ValidateNetworks(Errors errors, Method method)
    {
        if (Generator.Kind == GeneratorKind.Linear)
        {
            errors.Check(Network.Backbone == BackboneKind.Mlp, "network.backbone", $"'{ExperimentJson.Name(Network.Backbone)}' needs the generator 'convolutional'; use 'mlp'");
            return;
        }
        errors.Check(method.IsVariational, "generator.kind", $"method '{method.Name}' needs a dictionary; use 'linear'");
        errors.Check(Network.Backbone != BackboneKind.Mlp, "network.backbone", "'mlp' needs the generator 'linear'; use 'convolutional' or 'resnet18'");
        errors.Check(Schedule.BatchSize != 1, "schedule.batchSize", "must be at least 2 for convolutional networks: batch normalisation is undefined for a batch of one image");
    }

    private void ValidateBfloat16(Errors errors, Method method)
    {
        if (Generator.Kind == GeneratorKind.Convolutional) return;
        // The step in bf16 is the managed engine's with other products.
        string? missing = method.IsMapInference ? "MAP inference" : !method.IsVariational ? "an autoencoder" : ManagedSupport.MissingOfModel(this);
        errors.Check(missing is null, "compute.precision", $"cannot be 'bf16' with a linear generator and {missing}; use 'fp32'");
    }

    private void ValidateImportanceBound(Errors errors, Method method)
    {
        const string Needed = "'iwae' with the weights 'bound'";
        errors.Check(Objective.KlWeight >= Errors.Smallest, "objective.klWeight", $"must be at least 1e-12 for {Needed}: it sets the variance of the likelihood");
        errors.Check(Posterior.Estimator != GradientEstimator.GumbelSoftmax, "posterior.estimator",
            $"'gumbel-softmax' cannot have {Needed}: a relaxed code has no density; use 'straight-through'");
        errors.Check(Schedule.KlWarmUp.Initial >= Errors.Smallest, "schedule.klWarmUp.initial", $"must be at least 1e-12 for {Needed}: it sets the variance of the likelihood");
        errors.Check(!method.Family.LosesNoise || Schedule.WarmUp.Initial > 0, "schedule.warmUp.initial",
            $"must be above 0 for {Needed}: codes drawn without noise have no density");
    }
}
