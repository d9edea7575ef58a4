using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Training;

/// <summary>One step of the baseline: codes by the published FISTA with lambda warmed up, then the dictionary's step (SPEC sections 3.1 and 5.1).</summary>
internal sealed class MapStep : ITrainingStep
{
    private readonly SparseCodingModel model;
    private readonly int stepsPerEpoch;
    private readonly FloatMatrix dictionary;
    private readonly FistaStep step;

    /// <summary>Creates the step, with as many threads as the experiment says, or else as the tensor library has.</summary>
    /// <param name="model">The model to train.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    public MapStep(SparseCodingModel model, int stepsPerEpoch)
    {
        (this.model, this.stepsPerEpoch) = (model, stepsPerEpoch);
        dictionary = new((int)model.Linear.Dictionary.shape[0], (int)model.Linear.Dictionary.shape[1]);
        int threads = model.Experiment.Compute.Threads;
        step = new(dictionary, model.Experiment.Schedule.BatchSize, threads > 0 ? threads : get_num_threads(), model.Experiment.Objective.DictionaryPenalty);
    }

    public IReadOnlyList<string> TermNames { get; } = ["loss", "reconstruction", "l1", "active_fraction", "iterations"];

    public IEnumerable<(string Name, Tensor Value)> State => [];

    public Terms Progress(long step) => DictionaryProgress.At(model, step, stepsPerEpoch);

    public Terms Apply(Tensor batch, long step)
    {
        using var scope = NewDisposeScope();
        model.Linear.Dictionary.HostSpan().CopyTo(dictionary.All);
        var (reconstruction, l1, active, iterations) = this.step.Apply(batch.HostSpan(), LambdaAt(step), DictionaryStepAt(step));
        model.Linear.Set(dictionary.All);
        return new(TermNames, [reconstruction + LambdaAt(step) * l1, reconstruction, l1, active, iterations]);
    }

    public void Dispose() => step.Dispose();

    private double LambdaAt(long step) => model.Experiment.Objective.Lambda * model.Experiment.Schedule.WarmUp.At(step);

    private double DictionaryStepAt(long step) => model.Experiment.Schedule.DictionaryStepAt(step / stepsPerEpoch);
}
