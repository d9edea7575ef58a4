using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Training;

/// <summary>Trains an autoencoder by Adam: all of its parameters at once, under the experiment's schedule (docs/mathematics.md section 13).</summary>
internal sealed class AutoencoderTraining : ITrainingStep
{
    private readonly AutoencoderModel model;
    private readonly AutoencoderStep step;
    private readonly TrapezoidSchedule learningRate;
    private readonly long totalSteps;

    /// <summary>Creates the step with its optimiser at rest.</summary>
    /// <param name="model">The model to train.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    public AutoencoderTraining(AutoencoderModel model, int stepsPerEpoch)
    {
        this.model = model;
        var schedule = model.Experiment.Schedule;
        totalSteps = (long)schedule.Epochs * stepsPerEpoch;
        learningRate = new(schedule.LearningRate, totalSteps, schedule.LearningRateWarmUp);
        step = new(model.Experiment, model.Parameters, model.Preprocessing.IsStandardised);
        State = [.. step.State.Select(part => new ManagedTensor(part.Name, part.Value, part.Value.Rows, part.Value.Columns))];
    }

    public IReadOnlyList<string> TermNames => AutoencoderTerms.Names;

    public IReadOnlyList<StateTensor> State { get; }

    public LossTerms Progress(long step) => new(["learning_rate"], [learningRate.At(step)]);

    public LossTerms Apply(ReadOnlySpan<float> batch, long step, double share = 1)
    {
        var terms = this.step.Apply(batch, step, share * learningRate.At(step), Math.Min(1, (step + 1.0) / totalSteps));
        model.Changed();
        return new(AutoencoderTerms.Names, terms.Values);
    }

    public void Dispose() => step.Dispose();
}
