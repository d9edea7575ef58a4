using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Training;

/// <summary>
/// Trains a managed model with an inference network: a Nesterov step of the network and, at the same time, from the same codes and dictionary, the dictionary's own
/// (docs/mathematics.md section 5.1), under the experiment's schedules.
/// </summary>
internal sealed class LinearTraining : ITrainingStep
{
    private readonly ManagedModel model;
    private readonly LinearStep step;
    private readonly CycleSchedule learningRate;
    private readonly int stepsPerEpoch;

    /// <summary>Creates the step with its optimiser at rest.</summary>
    /// <param name="model">The model to train.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    /// <param name="createPass">Creates the inference network's pass.</param>
    public LinearTraining(ManagedModel model, int stepsPerEpoch, LinearStep.PassFactory createPass)
    {
        (this.model, this.stepsPerEpoch) = (model, stepsPerEpoch);
        var schedule = model.Experiment.Schedule;
        learningRate = new(schedule.LearningRate, (long)schedule.Epochs * stepsPerEpoch, schedule.LearningRateWarmUp);
        step = new(model.Experiment, model.Parameters, createPass);
        State = [.. model.Parameters.Network!.Parameters.Zip(step.Momentum, (parameter, momentum) => new ManagedTensor("momentum." + parameter.Name, momentum, parameter.Shape))];
    }

    public IReadOnlyList<string> TermNames => StepTerms.Names;

    public IReadOnlyList<StateTensor> State { get; }

    public LossTerms Progress(long step) => DictionaryProgress.At(model, step, stepsPerEpoch);

    public LossTerms Apply(ReadOnlySpan<float> batch, long step, double share = 1) => Apply(batch, step, null, share);

    /// <summary>The step, with the times of its parts.</summary>
    /// <param name="batch">x, [B, D].</param>
    /// <param name="number">Number of the step, from 0.</param>
    /// <param name="times">Receives the times of the parts, if any.</param>
    /// <param name="share">What every step size is multiplied by.</param>
    internal LossTerms Apply(ReadOnlySpan<float> batch, long number, StepTimes? times, double share = 1)
    {
        var schedule = model.Experiment.Schedule;
        var terms = step.Differentiate(batch, new(model.Experiment.Seed, NoisePurpose.Training, (uint)number), schedule.AnnealAt(number), times);
        step.Update(share * learningRate.At(number), share * schedule.DictionaryStepAt(number / stepsPerEpoch), times);
        model.Changed();
        return new(StepTerms.Names, terms.Values);
    }

    public void Dispose() => step.Dispose();
}
