namespace VariationalSparseCoding.Experiments;

/// <summary>The length of the run, step sizes and warm-ups (docs/mathematics.md sections 3.6 and 5.1). Warm-ups are counted in steps and sized for the paper's 240,000 of them.</summary>
public sealed record ScheduleOptions
{
    /// <summary>Passes over the training samples. From 1 to 100,000.</summary>
    public int Epochs { get; init; } = 300;

    /// <summary>Samples per step, B. At least 1; a last batch that is not full is left out.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>Highest learning rate of the inference network, and of a convolutional generator. From 1e-12 to 1e6.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Nesterov momentum of the inference network, in [0, 1); ignored for a convolutional generator, which Adam trains.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>The optimiser of a convolutional generator and its inference network; ignored for a linear one.</summary>
    public AdamOptions Adam { get; init; } = new();

    /// <summary>Share of the run in which the learning rate rises, in [0, 1].</summary>
    public double LearningRateWarmUp { get; init; } = 0.05;

    /// <summary>Step size of the dictionary in epoch 0. From 0 to 1e6; 0 keeps the dictionary as it is.</summary>
    public double DictionaryStep { get; init; } = 0.5;

    /// <summary>Factor of the dictionary's step size per epoch, from 1e-12 to 1.</summary>
    public double DictionaryStepDecay { get; init; } = 0.99;

    /// <summary>Whether steps are shortened where the data need it, and a beginning divergence is undone. By default they are under the fidelity 'equations'.</summary>
    public StepSizes StepSizes { get; init; }

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

    /// <summary>Returns the step size of the dictionary in an epoch; training that goes on after the last epoch, as on a stream, begins again.</summary>
    /// <param name="epoch">The epoch, counted from 0.</param>
    internal double DictionaryStepAt(long epoch) => DictionaryStep * Math.Pow(DictionaryStepDecay, epoch % Epochs);

    /// <summary>Returns the values of everything that is annealed, at a step.</summary>
    /// <param name="step">The step, counted from 0.</param>
    internal AnnealedWeights AnnealAt(long step) => new(WarmUp.At(step), Temperature.At(step), ClassifierTemperature.At(step), KlWarmUp.At(step));

    internal void Validate(Errors errors, DataOptions data)
    {
        errors.Check(Epochs is >= 1 and <= 100_000, "schedule.epochs", $"must lie between 1 and 100000, not {Epochs}");
        errors.Check(BatchSize >= 1, "schedule.batchSize", $"must be at least 1, not {BatchSize}");
        errors.Check(BatchSize <= data.TrainSamples || data.TrainSamples < 1, "schedule.batchSize", $"{BatchSize} is more than the {data.TrainSamples} training samples");
        errors.Positive("schedule.learningRate", LearningRate);
        errors.BelowOne("schedule.momentum", Momentum);
        errors.Within("schedule.learningRateWarmUp", LearningRateWarmUp, 0, 1);
        Adam.Validate(errors);
        errors.NotNegative("schedule.dictionaryStep", DictionaryStep);
        errors.Within("schedule.dictionaryStepDecay", DictionaryStepDecay, Errors.Smallest, 1);
        errors.Check(ValidateEvery >= 1, "schedule.validateEvery", $"must be at least 1, not {ValidateEvery}");
        WarmUp.Validate(errors, "schedule.warmUp");
        KlWarmUp.Validate(errors, "schedule.klWarmUp");
        Temperature.Validate(errors, "schedule.temperature");
        ClassifierTemperature.Validate(errors, "schedule.classifierTemperature");
    }
}
