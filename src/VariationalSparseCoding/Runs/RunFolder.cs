using System.Globalization;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Runs;

/// <summary>
/// The folder of a run: experiment.json first of all, then checkpoints and metrics. It is locked while a process trains in it,
/// and at every moment it can be resumed.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private const int KeptCheckpoints = 2;
    private readonly FileStream? guard;

    private RunFolder(string path, Experiment experiment, FileStream? guard)
    {
        Root = path;
        Experiment = experiment;
        this.guard = guard;
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>The run's description.</summary>
    public Experiment Experiment { get; }

    /// <summary>The resolved experiment.</summary>
    internal string ExperimentFile => ExperimentFileOf(Root);

    /// <summary>The table of epochs.</summary>
    internal string MetricsFile => Path.Combine(Root, "metrics.csv");

    /// <summary>The report.</summary>
    internal string ReportFile => Path.Combine(Root, "report.html");

    /// <summary>The picture of the dictionary.</summary>
    internal string DictionaryPicture => Path.Combine(Root, "dictionary.png");

    /// <summary>The picture of images and their reconstructions, of a convolutional generator.</summary>
    internal string ReconstructionsPicture => Path.Combine(Root, "reconstructions.png");

    /// <summary>The picture of swept features, of a convolutional generator.</summary>
    internal string TraversalsPicture => Path.Combine(Root, "traversals.png");

    /// <summary>The results of the last evaluation.</summary>
    internal string EvaluationFile => Path.Combine(Root, "evaluation.json");

    /// <summary>The folder of TensorBoard's event files.</summary>
    internal string TensorBoardFolder => Path.Combine(Root, "tensorboard");

    private string CheckpointFolder => Path.Combine(Root, "checkpoint");

    /// <summary>Starts a run in a new or empty folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="experiment">A valid experiment.</param>
    /// <exception cref="InvalidInputException">The folder holds a run or other files, or cannot be written.</exception>
    internal static RunFolder Create(string path, Experiment experiment)
    {
        if (File.Exists(path)) throw new InvalidInputException($"{path}: is a file; name a new folder for the run.");
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any(entry => !AtomicFile.IsTemporary(entry) && !IsLock(entry)))
            throw Occupied(path);
        try
        {
            Directory.CreateDirectory(path);
            var folder = new RunFolder(path, experiment, Lock(path));
            folder.RemoveTemporaryFiles();
            AtomicFile.WriteText(folder.ExperimentFile, ExperimentJson.ToJson(experiment).ToJsonString(ExperimentJson.Options) + "\n");
            return folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: cannot be written: {ExperimentJson.OneLine(error.Message)}", error);
        }
    }

    /// <summary>Opens a run to continue its training.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="InvalidInputException">There is no run, or another process trains in it.</exception>
    internal static RunFolder Resume(string path)
    {
        var experiment = ReadExperiment(path);
        try
        {
            var folder = new RunFolder(path, experiment, Lock(path));
            folder.RemoveTemporaryFiles();
            return folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: cannot be written: {ExperimentJson.OneLine(error.Message)}", error);
        }
    }

    /// <summary>Opens a run to read it.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="InvalidInputException">There is no run.</exception>
    public static RunFolder Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new(path, ReadExperiment(path), null);
    }

    /// <summary>The newest checkpoint, or null before the first.</summary>
    public string? NewestCheckpoint => Checkpoints().FirstOrDefault();

    /// <summary>Saves a state as the newest checkpoint and removes those no longer needed.</summary>
    /// <param name="state">The state.</param>
    internal void Save(TrainingState state)
    {
        Checkpoint.Write(Path.Combine(CheckpointFolder, string.Create(CultureInfo.InvariantCulture, $"step-{state.StepsDone:D9}.safetensors")), state);
        foreach (string old in Checkpoints().Skip(KeptCheckpoints)) File.Delete(old);
    }

    /// <summary>Takes back a run that could not begin, because its data cannot be used, so that the folder is free for another try.</summary>
    internal void Abandon()
    {
        Dispose();
        File.Delete(ExperimentFile);
        File.Delete(Path.Combine(Root, LockName));
        if (!Directory.EnumerateFileSystemEntries(Root).Any()) Directory.Delete(Root);
    }

    /// <summary>Releases the folder for other processes.</summary>
    public void Dispose() => guard?.Dispose();

    private List<string> Checkpoints() => Directory.Exists(CheckpointFolder)
        ? [.. Directory.EnumerateFiles(CheckpointFolder).Where(file => Checkpoint.StepOf(file) is not null).OrderByDescending(file => Checkpoint.StepOf(file))]
        : [];

    // A process that was killed while it wrote has left them.
    private void RemoveTemporaryFiles()
    {
        foreach (string folder in new[] { Root, CheckpointFolder }.Where(Directory.Exists))
            foreach (string file in Directory.EnumerateFiles(folder).Where(AtomicFile.IsTemporary)) File.Delete(file);
    }

    private static string ExperimentFileOf(string path) => Path.Combine(path, "experiment.json");

    private static Experiment ReadExperiment(string path)
    {
        if (!Directory.Exists(path)) throw new InvalidInputException($"{path}: no such folder; nothing was saved there.") { Remedy = Remedy.TrainRun, Subject = path };
        string file = ExperimentFileOf(path);
        if (!File.Exists(file)) throw new InvalidInputException($"{path}: holds no run (experiment.json is missing); nothing was saved there.") { Remedy = Remedy.TrainRun, Subject = path };
        return ExperimentJson.Resolve(file, ExperimentJson.ReadObject(file));
    }

    private static InvalidInputException Occupied(string path)
    {
        if (!File.Exists(ExperimentFileOf(path))) return new($"{path}: is not empty and holds no run; name a new folder for the run.");
        using var run = Open(path);
        if (TrainingRun.IsFinished(run)) return new($"{path}: already holds a finished run of '{run.Experiment.Method}'; name a new folder.");
        string state = run.NewestCheckpoint is { } newest ? $"with a checkpoint at step {Checkpoint.StepOf(newest)}" : "without a checkpoint yet";
        return new($"{path}: already holds a run of '{run.Experiment.Method}' {state}; resume it or name a new folder.") { Remedy = Remedy.ResumeRun, Subject = path };
    }

    private static bool IsLock(string entry) => Path.GetFileName(entry) == LockName;

    private const string LockName = ".lock";

    private static FileStream Lock(string path)
    {
        string file = Path.Combine(path, LockName);
        try
        {
#pragma warning disable RS0030 // A lock is held open and has no content.
            return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
#pragma warning restore RS0030
        }
        catch (IOException error) when (File.Exists(file))
        {
            throw new InvalidInputException($"{path}: another process is training in this folder; wait for it or stop it.", error);
        }
    }
}
