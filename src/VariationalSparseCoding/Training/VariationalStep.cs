using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Training;

/// <summary>
/// One step of Algorithm 1 with a linear generator (SPEC section 5.1): sample, score, choose, differentiate. The inference network takes a
/// Nesterov step on the loss, and at the same time, from the same codes and dictionary, the dictionary its own.
/// </summary>
internal sealed class VariationalStep : ITrainingStep
{
    private readonly SparseCodingModel model;
    private readonly Experiment experiment;
    private readonly CycleSchedule learningRate;
    private readonly NesterovOptimiser optimiser;
    private readonly Tensor[] parameters;
    private readonly int stepsPerEpoch;

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
    }

    public IReadOnlyList<string> TermNames { get; } = ["loss", "reconstruction", "kl", "active_fraction"];

    public IEnumerable<(string Name, Tensor Value)> State => optimiser.State.Select(pair => ("momentum." + pair.Name, pair.Value));

    public Terms Apply(Tensor batch, long step) =>
        Apply(batch, step, heads => model.Noise!.Draw(new(experiment.Seed, NoisePurpose.Training, (uint)step), 0, heads, experiment.Sampling.Samples));

    /// <summary>The step with noise from elsewhere.</summary>
    /// <param name="batch">x, [B, D].</param>
    /// <param name="step">Number of the step, from 0.</param>
    /// <param name="draw">Gives the noise of J samples for the heads' outputs.</param>
    internal Terms Apply(Tensor batch, long step, Func<HeadTensors, PosteriorNoise> draw)
    {
        using var scope = NewDisposeScope();
        var schedule = experiment.Schedule;
        var heads = model.Network!.forward(batch);
        var anneal = new Anneal(schedule.WarmUp.At(step), schedule.Temperature.At(step), schedule.ClassifierTemperature.At(step));
        var result = LinearObjective.Evaluate(model, batch, heads, draw(heads), anneal);

        var gradients = autograd.grad([result.Loss], parameters);
        optimiser.Step([.. gradients], learningRate.At(step));
        double dictionaryStep = schedule.DictionaryStepAt(step / stepsPerEpoch);
        model.Generator.Step(result.Residuals.detach(), result.Codes.detach(), result.Weights.detach(), dictionaryStep, experiment.Objective.DictionaryPenalty);
        return new(TermNames, result.Terms());
    }

    public void Dispose() => optimiser.Dispose();
}
