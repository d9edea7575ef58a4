using System.Runtime.InteropServices;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Serialization;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Tests.Training;

/// <summary>Experiments on a small matrix, and what a training made of them.</summary>
internal static class TinyRun
{
    private const int Rows = 80, Columns = 6;

    public static Experiment Describe(ScratchFolder folder, string method = "thresholded-laplacian")
    {
        string source = folder.File("matrix.npy");
        if (!File.Exists(source)) Npy.Write<float>(source, (float[])[.. Enumerable.Range(0, Rows * Columns).Select(i => (float)Math.Sin(i * i + i / Columns))], Columns);
        var defaults = MethodTable.Find(method)!.Defaults();
        return defaults with
        {
            Data = new() { Source = source, TrainSamples = 60, ValidationSamples = 20 },
            Generator = defaults.Generator with { Atoms = 8 },
            Sampling = defaults.Sampling with { Draws = 3 },
            Schedule = defaults.Schedule with { Epochs = 3, BatchSize = 10, WarmUp = new() { Initial = 0.1, Start = 2, Increment = 0.2 } },
            Compute = new() { Threads = 1 },
        };
    }

    public static TrainingState NewState(Experiment experiment)
    {
        using var data = DataSets.Open(experiment.Data, experiment.Seed);
        return new(Engines.CreateModel(experiment, data.Preprocessing), data.Train.Count);
    }

    /// <summary>Trains to the end; the saving, if any, is the caller's.</summary>
    public static void Train(TrainingState state, IReadOnlyList<ITrainingObserver>? observers = null, Action? save = null, CancellationToken cancellation = default)
    {
        var experiment = state.Model.Experiment;
        using var data = DataSets.Open(experiment.Data, experiment.Seed);
        new Trainer(state, data.Validation, observers ?? [], save ?? (() => { })).Run(data.Train, cancellation);
    }

    /// <summary>Every number that decides how the training continues.</summary>
    public static Dictionary<string, float[]> Numbers(TrainingState state) =>
        state.Tensors.ToDictionary(tensor => tensor.Name, tensor => MemoryMarshal.Cast<byte, float>(tensor.Read()).ToArray());

    /// <summary>Calls back at every step or epoch.</summary>
    public sealed class Observer(Action<StepEvent>? onStep = null, Action<EpochEvent>? onEpoch = null) : ITrainingObserver
    {
        public void OnStep(StepEvent made) => onStep?.Invoke(made);

        public void OnEpoch(EpochEvent finished) => onEpoch?.Invoke(finished);
    }
}

/// <summary>Tests that measure the memory of the whole process, or keep all of its threads busy.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeProcess
{
    public const string Name = "the whole process";
}
