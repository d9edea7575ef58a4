using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Training;

/// <summary>
/// A model in training and all that decides how its training continues. What updates the model, its threads and its buffers are created when they are first needed:
/// a model that was loaded to encode has none.
/// </summary>
internal sealed class TrainingState : IDisposable
{
    private ITrainingStep? step;
    private IReadOnlyList<StoredTensor> saved = [];
    private bool isRestored, isDisposed;
    // The owner, and whoever computes with the model at present.
    private int users = 1;

    /// <summary>Creates the state of a run that has not begun.</summary>
    /// <param name="model">The model; the state takes ownership.</param>
    /// <param name="trainSamples">Number of training samples.</param>
    public TrainingState(SparseCodingModel model, int trainSamples)
    {
        Model = model;
        StepsPerEpoch = trainSamples / model.Experiment.Schedule.BatchSize;
        Guard = model.Experiment.Schedule.StepSizes == StepSizes.Adaptive ? new(this) : null;
    }

    /// <summary>The model.</summary>
    public SparseCodingModel Model { get; }

    /// <summary>What updates the model.</summary>
    /// <exception cref="InvalidInputException">The tensor library is needed and missing, or what was saved does not fit.</exception>
    public ITrainingStep Step => step ??= CreateStep();

    /// <summary>Steps of an epoch; a last batch that is not full is left out.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Steps of the whole run.</summary>
    public long TotalSteps => (long)StepsPerEpoch * Model.Experiment.Schedule.Epochs;

    /// <summary>Steps done.</summary>
    public long StepsDone { get; set; }

    /// <summary>The terms of the current epoch so far.</summary>
    public LossMean Sums { get; set; } = LossMean.Empty;

    /// <summary>Takes the training back where it begins to diverge; null where step sizes are fixed.</summary>
    public DivergenceGuard? Guard { get; }

    /// <summary>What was odd about the training, a line each.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Every tensor of the state by name.</summary>
    public IEnumerable<StateTensor> Tensors => [.. Model.State, .. step is null && isRestored ? saved : Step.State];

    /// <summary>Takes over what a file says beside the model's parameters.</summary>
    /// <param name="tensors">The file's other tensors.</param>
    public void Restore(IReadOnlyList<StoredTensor> tensors)
    {
        (saved, isRestored) = (tensors, true);
        step?.Dispose();
        step = null;
    }

    /// <summary>Keeps the model from being freed while it is used.</summary>
    /// <returns>Whether it can be used still; <see cref="Release"/> ends the use.</returns>
    public bool TryUse()
    {
        for (int known = Volatile.Read(ref users); known > 0;)
        {
            int present = Interlocked.CompareExchange(ref users, known + 1, known);
            if (present == known) return true;
            known = present;
        }
        return false;
    }

    /// <summary>Ends a use; the last one after <see cref="Dispose"/> frees the model.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref users) > 0) return;
        step?.Dispose();
        Model.Dispose();
    }

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref isDisposed, true)) Release();
    }

    private ITrainingStep CreateStep()
    {
        var created = Engines.CreateStep(Model, StepsPerEpoch);
        try
        {
            if (isRestored) TensorCopy.Fill(created.State, saved.ToDictionary(tensor => tensor.Name), "the state of the training");
            saved = [];
            return created;
        }
        catch
        {
            created.Dispose();
            throw;
        }
    }
}
