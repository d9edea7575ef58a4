using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Torch.Tensors;
using VariationalSparseCoding.Training;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Training;

/// <summary>
/// One step with a convolutional generator (docs/mathematics.md section 5.2): sample, score, choose, differentiate. Inference network, prior and generator
/// take one step of Adam on the loss of <see cref="TrainingObjective"/>.
/// </summary>
internal sealed class ConvolutionalStep : ITrainingStep
{
    private readonly TorchModel model;
    private readonly Experiment experiment;
    private readonly CycleSchedule learningRate;
    private readonly AdamOptimiser optimiser;

    /// <summary>Creates the step with its optimiser at rest.</summary>
    /// <param name="model">The model to train.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    public ConvolutionalStep(TorchModel model, int stepsPerEpoch)
    {
        this.model = model;
        experiment = model.Experiment;
        var schedule = experiment.Schedule;
        learningRate = new(schedule.LearningRate, (long)schedule.Epochs * stepsPerEpoch, schedule.LearningRateWarmUp);
        optimiser = new(model.Parameters, schedule.Adam);
        State = [.. TensorState.Of(optimiser.State.Select(pair => ("adam." + pair.Name, pair.Value)))];
    }

    public IReadOnlyList<string> TermNames => StepTerms.Names;

    public IReadOnlyList<StateTensor> State { get; }

    public LossTerms Progress(long step) => new(["learning_rate", "warm_up"], [learningRate.At(step), experiment.Schedule.WarmUp.At(step)]);

    public LossTerms Apply(ReadOnlySpan<float> batch, long step, double share = 1)
    {
        using var scope = NewDisposeScope();
        var terms = Differentiate(model.Batch(batch, model.Dimension), new(experiment.Seed, NoisePurpose.Training, (uint)step), experiment.Schedule.AnnealAt(step));
        optimiser.Step(step, share * learningRate.At(step));
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
            var heads = model.Network.forward(batch);
            var result = TrainingObjective.Evaluate(model, batch, heads, model.Noise.Draw(key, 0, heads, experiment.Sampling.Draws), anneal);
            result.Loss.backward();
            return result.Terms();
        }
        finally
        {
            model.Train(false);
        }
    }
}
