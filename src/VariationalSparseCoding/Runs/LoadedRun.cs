using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;

namespace VariationalSparseCoding.Runs;

/// <summary>The model of a run's newest checkpoint beside the data it was trained on.</summary>
/// <param name="Experiment">The run's description.</param>
/// <param name="Model">The model.</param>
/// <param name="Data">Its data.</param>
/// <param name="Step">Steps done by the checkpoint.</param>
internal sealed record LoadedRun(Experiment Experiment, SparseCodingModel Model, DataSplit Data, long Step) : IDisposable
{
    /// <summary>Opens a run, with the tensor library at the run's number of threads.</summary>
    /// <param name="folder">The run.</param>
    /// <exception cref="InvalidInputException">There is no checkpoint, or it or the data cannot be read.</exception>
    public static LoadedRun Open(RunFolder folder)
    {
        var (checkpoint, file) = folder.RequireNewestCheckpoint();
        var experiment = folder.Experiment;
        DataSplit? data = folder.Measured is null ? DataSets.Open(experiment.Data, experiment.Seed) : null;
        SparseCodingModel? model = null;
        try
        {
            model = ModelFile.Model(checkpoint, file, experiment.Compute.Device);
            if (data is not null) ModelFile.RequireSameData(checkpoint, model.Preprocessing, data.Preprocessing);
            data ??= folder.Measured!.Open(model.Preprocessing);
            return new(experiment, model, data, Checkpoint.StepOf(checkpoint)!.Value);
        }
        catch
        {
            model?.Dispose();
            data?.Dispose();
            throw;
        }
    }

    /// <summary>Opens a run, evaluates it and closes it.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="draws">J of the codes as trained; null for the experiment's.</param>
    /// <param name="evaluate">Is given the run and J.</param>
    /// <exception cref="InvalidInputException">There is no checkpoint, it or the data cannot be read, or J is out of range.</exception>
    public static T Evaluate<T>(RunFolder folder, int? draws, Func<LoadedRun, int, T> evaluate)
    {
        SamplingOptions.RequireDraws(draws);
        using var run = Open(folder);
        return evaluate(run, draws ?? run.Experiment.Sampling.DrawsInEvaluation);
    }

    public void Dispose()
    {
        Model.Dispose();
        Data.Dispose();
    }
}
