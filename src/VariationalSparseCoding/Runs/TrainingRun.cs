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
    internal static Experiment Resolve(Experiment experiment) => experiment with
    {
        Compute = experiment.Compute with { Threads = experiment.Compute.Threads == 0 ? Environment.ProcessorCount : experiment.Compute.Threads },
        CreatedWith = $"VariationalSparseCoding {Version(typeof(TrainingRun))}, {(Engines.Tensors is { } tensors ? tensors.Version + ", " : "")}"
            + $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {VectorBits()}-bit vectors",
    };

    /// <summary>Trains an experiment from its start to the end of its schedule.</summary>
    /// <param name="path">The run's folder; it must be new or empty.</param>
    /// <param name="experiment">What to train, such as the <see cref="Method.Defaults"/> of a method with other data.</param>
    /// <param name="progress">Is told of every step.</param>
    /// <param name="notes">Receives what <see cref="SparseCoder.Notes"/> would hold, a line each, as soon as it is known: what is odd about the samples before the first step, and where a training begins to diverge or has learned nothing.</param>
    /// <param name="cancellationToken">Stops after the current step, with a checkpoint from which <see cref="Resume"/> goes on.</param>
    /// <exception cref="InvalidInputException">The experiment, the data or the folder cannot be used.</exception>
    /// <exception cref="TrainingDivergedException">A loss became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; its state is saved.</exception>
    public static void Start(string path, Experiment experiment, IProgress<StepEvent>? progress = null, IProgress<string>? notes = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(experiment);
        if (experiment.Validate() is { Count: > 0 } errors) throw new InvalidInputException(string.Join("; ", errors));
        using var folder = RunFolder.Create(path, Resolve(experiment));
        folder.Notice = notes is null ? null : notes.Report;
        Train(folder, Observers(progress), cancellationToken);
    }

    /// <summary>Trains a run from its last checkpoint to the end of its schedule: the result is that of a training without interruption.</summary>
    /// <param name="path">The run's folder.</param>
    /// <param name="progress">Is told of every step.</param>
    /// <param name="notes">Receives notes as <see cref="Start"/> gives them, and that a damaged checkpoint was passed over for the one before.</param>
    /// <param name="cancellationToken">Stops after the current step, with a checkpoint.</param>
    /// <exception cref="InvalidInputException">There is no run, another process trains in the folder, or the data or the checkpoint cannot be used.</exception>
    /// <exception cref="TrainingDivergedException">A loss became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; its state is saved.</exception>
    public static void Resume(string path, IProgress<StepEvent>? progress = null, IProgress<string>? notes = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var folder = RunFolder.Resume(path);
        folder.Notice = notes is null ? null : notes.Report;
        Train(folder, Observers(progress), cancellationToken);
    }

    /// <summary>Trains from the last checkpoint, or from the start where there is none, to the end of the schedule.</summary>
    /// <param name="folder">The run's folder, created or opened to be resumed.</param>
    /// <param name="observers">Who is told of the progress, beside the folder's own metrics and TensorBoard events.</param>
    /// <param name="cancellationToken">Stops after the current step, with a checkpoint.</param>
    /// <exception cref="InvalidInputException">The data or a checkpoint cannot be used.</exception>
    /// <exception cref="TrainingDivergedException">A loss became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; its state is saved.</exception>
    internal static void Train(RunFolder folder, IReadOnlyList<ITrainingObserver> observers, CancellationToken cancellationToken = default)
    {
        var experiment = folder.Experiment;
        using var data = DataSets.Open(experiment.Data, experiment.Seed);
        using var state = new TrainingState(Engines.CreateModel(experiment, data.Preprocessing), data.Train.Count);
        if (folder.ReadNewestCheckpoint() is { } checkpoint) Checkpoint.Read(checkpoint.Path, checkpoint.File, state);
        if (state.StepsDone == 0)
        {
            IReadOnlyList<string> scale = data.MeanSquare is { } meanSquare ? ScaleNote.Of(experiment.Data.Source, experiment, data.Train.Dimension, meanSquare, null, key => key) : [];
            foreach (string note in data.Notes.Concat(scale)) folder.Notice?.Invoke(note);
        }
        var events = new TensorBoardObserver(folder.TensorBoardFolder);
        ITrainingObserver[] all = [new MetricsTable(folder.MetricsFile, CodeEvaluation.TermNames(experiment)), events, new BackOffNotes(folder), .. observers];
        folder.Record(null);
        try
        {
            new Trainer(state, data.Validation, all, () => folder.Save(state)).Run(data.Train, cancellationToken);
        }
        catch (TrainingDivergedException diverged)
        {
            folder.Record(diverged.Message);
            throw;
        }
        if (LearningCheck.Note(state.Model, data.Validation, cancellationToken) is { } problem) folder.Notice?.Invoke($"{folder.Root}: {problem}");
    }

    /// <summary>Whether a run's newest checkpoint is its last.</summary>
    /// <param name="folder">The run's folder.</param>
    public static bool IsFinished(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return folder.NewestCheckpoint is { } checkpoint && Checkpoint.StepOf(checkpoint) == StepsOf(folder.Experiment);
    }

    /// <summary>The number of steps of a whole run.</summary>
    /// <param name="experiment">The run's description.</param>
    internal static long StepsOf(Experiment experiment) => (long)(experiment.Data.TrainSamples / experiment.Schedule.BatchSize) * experiment.Schedule.Epochs;

    private static ITrainingObserver[] Observers(IProgress<StepEvent>? progress) => progress is null ? [] : [new ProgressObserver(progress)];

    private static string Version(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    private static int VectorBits() => 8 * (Vector512.IsHardwareAccelerated ? 64 : Vector256.IsHardwareAccelerated ? 32 : 16);

    private sealed class BackOffNotes(RunFolder folder) : ITrainingObserver
    {
        public void OnBackOff(long stepsDone, string note) => folder.Notice?.Invoke($"{folder.Root}: {note}");
    }
}
