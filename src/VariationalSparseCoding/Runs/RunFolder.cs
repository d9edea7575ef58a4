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
    private readonly HashSet<string> intact = [], damaged = [];

    private RunFolder(string path, Experiment experiment, FileStream? guard)
    {
        Root = path;
        Experiment = experiment;
        this.guard = guard;
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>The run's description.</summary>
    public Experiment Experiment { get; private set; }

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

    /// <summary>Receives a line when a damaged checkpoint is passed over for the one before, and what a person should know of the data when training begins; null if nobody listens.</summary>
    internal Action<string>? Notice { get; set; }

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

    /// <summary>The newest checkpoint whose content is intact, or null before the first; see <see cref="Notice"/>.</summary>
    /// <exception cref="InvalidInputException">There are checkpoints, and all of them are damaged.</exception>
    public string? NewestCheckpoint
    {
        get
        {
            var files = Checkpoints();
            return files.Count == 0 ? null : files.Find(IsIntact) ?? throw AllDamaged(files);
        }
    }

    /// <summary>Makes sure that a file to write is neither the run's own nor the data that it was trained on.</summary>
    /// <param name="output">The file to write.</param>
    /// <exception cref="InvalidInputException">It is.</exception>
    internal void RequireNotOwn(string output)
    {
        string[] files = [ExperimentFile, MetricsFile, EvaluationFile, DictionaryPicture, ReconstructionsPicture, TraversalsPicture, Path.Combine(Root, LockName)];
        if (Array.Exists(files, file => OutputFile.IsSame(output, file)) || OutputFile.IsIn(output, CheckpointFolder) || OutputFile.IsIn(output, TensorBoardFolder))
            throw new InvalidInputException($"{output}: belongs to the run {Root} and would be replaced; write to another file.");
        OutputFile.RequireNotInput(output, Experiment.Data.Source);
    }

    /// <summary>Saves a state as the newest checkpoint and removes those no longer needed.</summary>
    /// <param name="state">The state.</param>
    internal void Save(TrainingState state)
    {
        string path = Path.Combine(CheckpointFolder, string.Create(CultureInfo.InvariantCulture, $"step-{state.StepsDone:D9}.safetensors"));
        Checkpoint.Write(path, state);
        intact.Add(path);
        damaged.Remove(path);
        // Damaged ones do not count, so that two usable ones are left.
        foreach (string old in Checkpoints().Where(file => !damaged.Contains(file)).Skip(KeptCheckpoints)) File.Delete(old);
    }

    /// <summary>Makes the run longer. Killed half-way, it is done by the same call again.</summary>
    /// <param name="epochs">Epochs in all, more than the run has.</param>
    /// <exception cref="InvalidInputException">The run has as many already, or cannot have so many.</exception>
    internal void Extend(int epochs)
    {
        if (epochs <= Experiment.Schedule.Epochs) throw new InvalidInputException($"{Root}: has {Experiment.Schedule.Epochs} epochs; to extend it give more than that, not {epochs}.");
        var longer = Experiment with { Schedule = Experiment.Schedule with { Epochs = epochs } };
        if (longer.Validate() is { Count: > 0 } errors) throw new InvalidInputException($"{Root}: {string.Join("; ", errors)}.");
        if (NewestCheckpoint is { } checkpoint) ModelFile.Redescribe(checkpoint, longer);
        AtomicFile.WriteText(ExperimentFile, ExperimentJson.ToJson(longer).ToJsonString(ExperimentJson.Options) + "\n");
        Experiment = longer;
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

    // Its checksum is read once; whatever the file says beyond that is for its reader to judge.
    private bool IsIntact(string file)
    {
        if (intact.Contains(file)) return true;
        if (damaged.Contains(file)) return false;
        try
        {
            Safetensors.Read(file);
            intact.Add(file);
            return true;
        }
        catch (InvalidInputException problem)
        {
            damaged.Add(file);
            Notice?.Invoke($"{problem.Message}; the checkpoint before it is used");
            return false;
        }
    }

    private InvalidInputException AllDamaged(List<string> files) =>
        new($"{Root}: every checkpoint is damaged ({string.Join(", ", files.Select(Path.GetFileName))}); put back a copy, or move the folder '{Path.GetFileName(CheckpointFolder)}' away to start over.");

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
    private const int WouldBlockOnLinux = 11, WouldBlockOnMac = 35, SharingViolation = 32, LockViolation = 33;

    // A folder that cannot be written, such as one on a read-only disk, is another failure.
    private static bool IsInUse(IOException error) => (error.HResult & 0xFFFF) is var code
        && (OperatingSystem.IsWindows() ? code is SharingViolation or LockViolation : code is WouldBlockOnLinux or WouldBlockOnMac);

    private static FileStream Lock(string path)
    {
        string file = Path.Combine(path, LockName);
        try
        {
#pragma warning disable RS0030 // A lock is held open and has no content.
            return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
#pragma warning restore RS0030
        }
        catch (IOException error) when (IsInUse(error))
        {
            throw new InvalidInputException($"{path}: another process is training in this folder; wait for it or stop it.", error);
        }
    }
}
