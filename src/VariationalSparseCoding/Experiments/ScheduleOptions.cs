using VariationalSparseCoding.Data;
using VariationalSparseCoding.Posteriors;

namespace VariationalSparseCoding.Experiments;

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
