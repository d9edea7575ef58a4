using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Training;

/// <summary>
/// One step of Algorithm 1 with a linear generator (SPEC section 5.1): sample, score, choose, differentiate. The inference network takes a
/// Nesterov step on the loss, and at the same time, from the same codes and dictionary, the dictionary its own. The gradients are those of
/// <see cref="TrainingObjective"/>: in closed form where <see cref="FusedStep"/> supports the model, else by autograd.
/// </summary>
internal sealed class VariationalStep : ITrainingStep
{
    private readonly SparseCodingModel model;
    private readonly Experiment experiment;
    private readonly CycleSchedule learningRate;
    private readonly NesterovOptimiser optimiser;
    private readonly Tensor[] parameters;
    private readonly int stepsPerEpoch;
    private readonly FusedStep? fused;

    /// <summary>Creates the step with its optimiser at rest.</summary>
    /// <param name="model">The model to train.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    public VariationalStep(SparseCodingModel model, int stepsPerEpoch)
    {
        this.model = model;
        this.stepsPerEpoch = stepsPerEpoch;
        experiment = model.Experiment;
        var schedule = experiment.Schedule;
        learningRate = new(schedule.LearningRate, (long)schedule.Epochs * stepsPerEpoch, schedule.LearningRateWarmUp);
        var named = model.Network!.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Concat(model.Prior!.Parameters).ToList();
        parameters = [.. named.Select(p => p.Item2)];
        optimiser = new(named, schedule.Momentum);
        fused = FusedStep.Supports(model) ? new(model) : null;
    }

    public IReadOnlyList<string> TermNames { get; } = ["loss", "squared_error", "kl", "active_fraction"];

    public IEnumerable<(string Name, Tensor Value)> State => optimiser.State.Select(pair => ("momentum." + pair.Name, pair.Value));

    public Terms Progress(long step) => DictionaryProgress.At(model, step, stepsPerEpoch);

    public Terms Apply(Tensor batch, long step) => Apply(batch, step, (StepTimes?)null);

    /// <summary>The step, its parts timed where it is fused.</summary>
    /// <param name="batch">x, [B, D].</param>
    /// <param name="step">Number of the step, from 0.</param>
    /// <param name="times">Receives the times of the parts, where there is one.</param>
    internal Terms Apply(Tensor batch, long step, StepTimes? times)
    {
        var key = new NoiseKey(experiment.Seed, NoisePurpose.Training, (uint)step);
        if (fused is null) return Apply(batch, step, heads => model.Noise!.Draw(key, 0, heads, experiment.Sampling.Draws));
        var terms = fused.Differentiate(batch, key, experiment.Schedule.AnnealAt(step), times);
        fused.Update(optimiser, learningRate.At(step), DictionaryStepAt(step), times);
        return new(TermNames, terms);
    }

    /// <summary>The step by tensors and autograd, with noise from elsewhere.</summary>
    /// <param name="batch">x, [B, D].</param>
    /// <param name="step">Number of the step, from 0.</param>
    /// <param name="draw">Gives the noise of J samples for the heads' outputs.</param>
    internal Terms Apply(Tensor batch, long step, Func<HeadTensors, PosteriorNoise> draw)
    {
        using var scope = NewDisposeScope();
        var heads = model.Network!.forward(batch);
        var result = TrainingObjective.Evaluate(model, batch, heads, draw(heads), experiment.Schedule.AnnealAt(step));

        var gradients = autograd.grad([result.Loss], parameters);
        optimiser.Step([.. gradients], learningRate.At(step));
        model.Linear.Step(result.Residuals.detach(), result.Codes.detach(), result.Weights.detach(), DictionaryStepAt(step), experiment.Objective.DictionaryPenalty);
        return new(TermNames, result.Terms());
    }

    public void Dispose()
    {
        optimiser.Dispose();
        fused?.Dispose();
    }

    private double DictionaryStepAt(long step) => experiment.Schedule.DictionaryStepAt(step / stepsPerEpoch);
}
