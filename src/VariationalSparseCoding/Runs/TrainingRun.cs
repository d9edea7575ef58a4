using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Runs;

/// <summary>Trains an experiment in a run folder, from its start or from its last checkpoint.</summary>
public static class TrainingRun
{
    /// <summary>An experiment as it is recorded: threads resolved, with the versions that made it.</summary>
    /// <param name="experiment">A valid experiment.</param>
    public static Experiment Resolve(Experiment experiment) => experiment with
    {
        Compute = experiment.Compute with { Threads = experiment.Compute.Threads == 0 ? Environment.ProcessorCount : experiment.Compute.Threads },
        CreatedWith = $"VariationalSparseCoding {Version(typeof(TrainingRun))}, {(Engines.Tensors is { } tensors ? tensors.Version + ", " : "")}"
            + $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {VectorBits()}-bit vectors",
    };

    /// <summary>Trains from the last checkpoint, or from the start where there is none, to the end of the schedule.</summary>
    /// <param name="folder">The run's folder, created or opened to be resumed.</param>
    /// <param name="observers">Who is told of the progress, beside the folder's own metrics and TensorBoard events.</param>
    /// <param name="cancellation">Stops after the current step, with a checkpoint.</param>
    /// <exception cref="InvalidInputException">The data or a checkpoint cannot be used.</exception>
    /// <exception cref="TrainingDivergedException">A loss became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; its state is saved.</exception>
    public static void Train(RunFolder folder, IReadOnlyList<ITrainingObserver> observers, CancellationToken cancellation = default)
    {
        var experiment = folder.Experiment;
        using var data = DataSets.Open(experiment.Data, experiment.Seed);
        using var state = new TrainingState(Engines.CreateModel(experiment, data.Preprocessing), data.Train.Count);
        if (folder.NewestCheckpoint is { } checkpoint) Checkpoint.Read(checkpoint, state);
        var events = new TensorBoardObserver(folder.TensorBoardFolder);
        new Trainer(state, data.Validation, [new MetricsTable(folder.MetricsFile, CodeEvaluation.TermNames(experiment)), events, .. observers], () => folder.Save(state)).Run(data.Train, cancellation);
    }

    /// <summary>Whether a run's newest checkpoint is its last.</summary>
    /// <param name="folder">The run's folder.</param>
    public static bool IsFinished(RunFolder folder) => folder.NewestCheckpoint is { } checkpoint && Checkpoint.StepOf(checkpoint) == StepsOf(folder.Experiment);

    /// <summary>The number of steps of a whole run.</summary>
    /// <param name="experiment">The run's description.</param>
    internal static long StepsOf(Experiment experiment) => (long)(experiment.Data.TrainSamples / experiment.Schedule.BatchSize) * experiment.Schedule.Epochs;

    private static string Version(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    private static int VectorBits() => 8 * (Vector512.IsHardwareAccelerated ? 64 : Vector256.IsHardwareAccelerated ? 32 : 16);
}
