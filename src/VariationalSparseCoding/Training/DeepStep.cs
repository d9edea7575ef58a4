using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Training;

/// <summary>
/// One step with a convolutional generator (SPEC section 5.2): sample, score, choose, differentiate. Inference network, prior and generator
/// take one step of Adam on the loss of <see cref="TrainingObjective"/>.
/// </summary>
internal sealed class DeepStep : ITrainingStep
{
    private readonly SparseCodingModel model;
    private readonly Experiment experiment;
    private readonly CycleSchedule learningRate;
    private readonly AdamOptimiser optimiser;

    /// <summary>Creates the step with its optimiser at rest.</summary>
    /// <param name="model">The model to train.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    public DeepStep(SparseCodingModel model, int stepsPerEpoch)
    {
        this.model = model;
        experiment = model.Experiment;
        var schedule = experiment.Schedule;
        learningRate = new(schedule.LearningRate, (long)schedule.Epochs * stepsPerEpoch, schedule.LearningRateWarmUp);
        optimiser = new(model.Parameters, schedule.Adam);
    }

    public IReadOnlyList<string> TermNames { get; } = ["loss", "squared_error", "kl", "active_fraction"];

    public IEnumerable<(string Name, Tensor Value)> State => [.. model.Buffers, .. optimiser.State.Select(pair => ("adam." + pair.Name, pair.Value))];

    public Terms Progress(long step) => new(["learning_rate", "warm_up"], [learningRate.At(step), experiment.Schedule.WarmUp.At(step)]);

    public Terms Apply(Tensor batch, long step)
    {
        using var scope = NewDisposeScope();
        var terms = Differentiate(batch, new(experiment.Seed, NoisePurpose.Training, (uint)step), experiment.Schedule.AnnealAt(step));
        optimiser.Step(step, learningRate.At(step));
        return new(TermNames, terms);
    }

    public void Dispose() => optimiser.Dispose();

    /// <summary>Leaves the gradients of a batch's loss in the parameters, and returns the loss's terms.</summary>
    internal IReadOnlyList<double> Differentiate(Tensor batch, NoiseKey key, AnnealedWeights anneal)
    {
        optimiser.ZeroGradients();
        model.Train(true);
        try
        {
            var heads = model.Network!.forward(batch);
            var result = TrainingObjective.Evaluate(model, batch, heads, model.Noise!.Draw(key, 0, heads, experiment.Sampling.Draws), anneal);
            result.Loss.backward();
            return result.Terms();
        }
        finally
        {
            model.Train(false);
        }
    }
}
