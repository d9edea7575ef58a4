using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Training;

/// <summary>Trains the baseline: codes by the published FISTA with lambda warmed up, then the dictionary's step (docs/mathematics.md sections 3.1 and 5.1).</summary>
internal sealed class FistaTraining : ITrainingStep
{
    private readonly ManagedModel model;
    private readonly int stepsPerEpoch;
    private readonly FistaStep step;

    /// <summary>Creates the step.</summary>
    /// <param name="model">The model to train.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    public FistaTraining(ManagedModel model, int stepsPerEpoch)
    {
        (this.model, this.stepsPerEpoch) = (model, stepsPerEpoch);
        var experiment = model.Experiment;
        step = new(model.Parameters.Dictionary, experiment.Schedule.BatchSize, experiment.Compute.Threads, experiment.Objective.DictionaryPenalty,
            experiment.Schedule.StepSizes == StepSizes.Adaptive);
    }

    public IReadOnlyList<string> TermNames { get; } = ["loss", "reconstruction", "l1", "active_fraction", "iterations"];

    public IReadOnlyList<StateTensor> State => [];

    public LossTerms Progress(long step) => DictionaryProgress.At(model, step, stepsPerEpoch);

    public LossTerms Apply(ReadOnlySpan<float> batch, long step, double share = 1)
    {
        // Codes on a dictionary that is not finite have no meaning; the caller sees it by the loss.
        if (!Precision.AllFinite<float>(model.Parameters.Dictionary.All)) return new(TermNames, [double.NaN, double.NaN, double.NaN, double.NaN, double.NaN]);
        var (objective, schedule) = (model.Experiment.Objective, model.Experiment.Schedule);
        double lambda = objective.Lambda * schedule.WarmUp.At(step);
        var (reconstruction, l1, active, iterations) = this.step.Apply(batch, lambda, share * schedule.DictionaryStepAt(step / stepsPerEpoch));
        model.Changed();
        return new(TermNames, [reconstruction + lambda * l1, reconstruction, l1, active, iterations]);
    }

    public void Dispose() => step.Dispose();
}
