using VariationalSparseCoding.Experiments;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Training;

/// <summary>A model in training and all that decides how its training continues.</summary>
internal sealed class TrainingState : IDisposable
{
    /// <summary>Creates the state of a run that has not begun.</summary>
    /// <param name="model">The model; the state takes ownership.</param>
    /// <param name="trainSamples">Number of training samples.</param>
    public TrainingState(SparseCodingModel model, int trainSamples)
    {
        Model = model;
        StepsPerEpoch = trainSamples / model.Experiment.Schedule.BatchSize;
        Step = model.Network is null ? new MapStep(model, StepsPerEpoch)
            : model.Experiment.Generator.Kind == GeneratorKind.Linear ? new VariationalStep(model, StepsPerEpoch)
            : new DeepStep(model, StepsPerEpoch);
    }

    /// <summary>The model.</summary>
    public SparseCodingModel Model { get; }

    /// <summary>What updates the model.</summary>
    public ITrainingStep Step { get; }

    /// <summary>Steps of an epoch; a last batch that is not full is left out.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Steps of the whole run.</summary>
    public long TotalSteps => (long)StepsPerEpoch * Model.Experiment.Schedule.Epochs;

    /// <summary>Steps done.</summary>
    public long StepsDone { get; set; }

    /// <summary>The terms of the current epoch so far.</summary>
    public TermSums Sums { get; set; } = TermSums.Empty;

    /// <summary>Every tensor of the state by name; the tensors are the state's own.</summary>
    public IEnumerable<(string Name, Tensor Value)> Tensors => [.. Model.Parameters, .. Step.State];

    public void Dispose()
    {
        Step.Dispose();
        Model.Dispose();
    }
}
