using System.Globalization;
using VariationalSparseCoding.Data;
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
    private const string LockName = ".lock";
    private readonly FileStream? guard;
    private readonly Dictionary<string, bool> intact = [];
    private readonly HashSet<string> damaged = [];
    private (string Path, SafetensorsFile File)? unused;

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

    /// <summary>Why the training of the run stopped for good: it diverged, and would again; null where it did not.</summary>
    internal string? Divergence => File.Exists(DivergenceFile) ? InputFile.ReadLines(DivergenceFile).FirstOrDefault() : null;

    /// <summary>Receives a line when a damaged checkpoint is passed over for the one before, and what a person should know of the data when training begins; null if nobody listens.</summary>
    internal Action<string>? Notice { get; set; }

    /// <summary>The folder of indices of the run's features, one for each data by which they are explained.</summary>
    internal string FeatureFolder => Path.Combine(Root, "features");

    /// <summary>What the run is measured on in place of its own validation samples; null for these.</summary>
    internal MeasuredData? Measured { get; set; }

    private string DivergenceFile => Path.Combine(Root, "diverged.txt");

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

    /// <summary>Reads the newest checkpoint whose content is intact; null before the first.</summary>
    /// <exception cref="InvalidInputException">There are checkpoints, and all of them are damaged.</exception>
    internal (string Path, SafetensorsFile File)? ReadNewestCheckpoint()
    {
        if (NewestCheckpoint is not { } path) return null;
        var read = unused is { } known && known.Path == path ? known : (path, Safetensors.Read(path));
        unused = null;
        return read;
    }

    /// <summary>Reads the newest checkpoint of a run that must have one.</summary>
    /// <exception cref="InvalidInputException">There is none, or all are damaged.</exception>
    internal (string Path, SafetensorsFile File) RequireNewestCheckpoint() =>
        ReadNewestCheckpoint() ?? throw (Divergence is { } divergence ? new($"{Root}: has no checkpoint, because training diverged before the first: {divergence}")
            : new InvalidInputException($"{Root}: has no checkpoint yet.") { Remedy = Remedy.ResumeRun, Subject = Root });

    /// <summary>Whether the newest intact checkpoint carries a checksum; those of version 0.1 do not. True before the first.</summary>
    /// <exception cref="InvalidInputException">There are checkpoints, and all of them are damaged.</exception>
    internal bool IsVerified => NewestCheckpoint is not { } checkpoint || intact[checkpoint];

    /// <summary>The step of the newest checkpoint by its name, 0 before the first. May be asked for while another thread saves.</summary>
    internal long SavedSteps => Checkpoints() is [var newest, ..] ? Checkpoint.StepOf(newest)!.Value : 0;

    /// <summary>Makes sure that a file to write is neither the run's own nor the data that it was trained on.</summary>
    /// <param name="output">The file to write.</param>
    /// <exception cref="InvalidInputException">It is.</exception>
    internal void RequireNotOwn(string output)
    {
        if (IsOwn(output)) throw Own(output);
        OutputFile.RequireNotInput(output, Experiment.Data.Source);
    }

    /// <summary>Makes sure that a file to write belongs to no run at all.</summary>
    /// <param name="output">The file to write.</param>
    /// <exception cref="InvalidInputException">It does.</exception>
    internal static void RequireOfNoRun(string output)
    {
        // The files of a run lie in its folder or one below.
        string? path = Path.GetDirectoryName(Path.GetFullPath(output));
        for (int above = 0; above < 2 && path is not null; above++, path = Path.GetDirectoryName(path))
        {
            using var folder = new RunFolder(path, new Experiment(), null);
            if (File.Exists(folder.ExperimentFile) && folder.IsOwn(output)) throw folder.Own(output);
        }
    }

    /// <summary>Saves a state as the newest checkpoint and removes those no longer needed.</summary>
    /// <param name="state">The state.</param>
    internal void Save(TrainingState state)
    {
        string path = Path.Combine(CheckpointFolder, string.Create(CultureInfo.InvariantCulture, $"step-{state.StepsDone:D9}.safetensors"));
        Checkpoint.Write(path, state);
        intact[path] = true;
        damaged.Remove(path);
        // Damaged ones do not count, so that two usable ones are left.
        foreach (string old in Checkpoints().Where(file => !damaged.Contains(file)).Skip(KeptCheckpoints)) File.Delete(old);
    }

    /// <summary>Keeps why the training stopped for good, for those who open the run later; a training that begins again forgets it.</summary>
    /// <param name="message">What happened and what to do, in one line; null to forget.</param>
    internal void Record(string? message)
    {
        if (message is null) File.Delete(DivergenceFile);
        else AtomicFile.WriteText(DivergenceFile, message + "\n");
    }

    /// <summary>Makes the run longer. Killed half-way, it is done by the same call again.</summary>
    /// <param name="epochs">Epochs in all, more than the run has.</param>
    /// <exception cref="InvalidInputException">The run has as many already, or cannot have so many.</exception>
    internal void Extend(int epochs)
    {
        if (epochs <= Experiment.Schedule.Epochs) throw new InvalidInputException($"{Root}: has {Experiment.Schedule.Epochs} epochs; to extend it give more than that, not {epochs}.");
        var longer = Experiment with { Schedule = Experiment.Schedule with { Epochs = epochs } };
        if (longer.Validate() is { Count: > 0 } errors) throw new InvalidInputException($"{Root}: {string.Join("; ", errors)}.");
        if (ReadNewestCheckpoint() is { } checkpoint) ModelFile.Redescribe(checkpoint.Path, checkpoint.File, longer);
        AtomicFile.WriteText(ExperimentFile, ExperimentJson.ToJson(longer).ToJsonString(ExperimentJson.Options) + "\n");
        Experiment = longer;
    }

    /// <summary>Takes back a run that could not begin, because its data cannot be used, so that the folder is free for another try.</summary>
    internal void Abandon()
    {
        Dispose();
        // The folder was new or empty, so that all of these are the run's.
        foreach (string file in new[] { ExperimentFile, MetricsFile, Path.Combine(Root, LockName) }) File.Delete(file);
        if (Directory.Exists(TensorBoardFolder)) Directory.Delete(TensorBoardFolder, recursive: true);
        if (!Directory.EnumerateFileSystemEntries(Root).Any()) Directory.Delete(Root);
    }

    /// <summary>Releases the folder for other processes.</summary>
    public void Dispose() => guard?.Dispose();

    private bool IsOwn(string output)
    {
        string[] files = [ExperimentFile, MetricsFile, EvaluationFile, DivergenceFile, DictionaryPicture, ReconstructionsPicture, TraversalsPicture, Path.Combine(Root, LockName)];
        return Array.Exists(files, file => OutputFile.IsSame(output, file)) || OutputFile.IsIn(output, CheckpointFolder) || OutputFile.IsIn(output, TensorBoardFolder) || OutputFile.IsIn(output, FeatureFolder);
    }

    private InvalidInputException Own(string output) => new($"{output}: belongs to the run {Root} and would be replaced; write to another file.");

    private List<string> Checkpoints() => Directory.Exists(CheckpointFolder)
        ? [.. Directory.EnumerateFiles(CheckpointFolder).Where(file => Checkpoint.StepOf(file) is not null).OrderByDescending(file => Checkpoint.StepOf(file))]
        : [];

    // A file is read once for its checksum, and what it holds is kept for its reader, who judges whatever it says beyond that.
    private bool IsIntact(string file)
    {
        if (intact.ContainsKey(file)) return true;
        if (damaged.Contains(file)) return false;
        try
        {
            var read = Safetensors.Read(file);
            (unused, intact[file]) = ((file, read), read.HasChecksum);
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
        if (File.Exists(path)) throw new InvalidInputException($"{path}: is a file, not the folder of a run; name the folder.");
        if (!Directory.Exists(path)) throw new InvalidInputException($"{path}: no such folder; nothing was saved there.") { Remedy = Remedy.TrainRun, Subject = path };
        string file = ExperimentFileOf(path);
        if (!File.Exists(file)) throw new InvalidInputException($"{path}: holds no run (experiment.json is missing); nothing was saved there.") { Remedy = Remedy.TrainRun, Subject = path };
        return ExperimentJson.Resolve(file, ExperimentJson.ReadObject(file));
    }

    private static InvalidInputException Occupied(string path)
    {
        if (IsTrainedIn(path)) return InUse(path);
        if (!File.Exists(ExperimentFileOf(path))) return new($"{path}: is not empty and holds no run; name a new folder for the run.");
        using var run = Open(path);
        if (TrainingRun.IsFinished(run)) return new($"{path}: already holds a finished run of '{run.Experiment.Method}'; name a new folder.");
        string state = run.NewestCheckpoint is { } newest ? $"with a checkpoint at step {Checkpoint.StepOf(newest)}" : "without a checkpoint yet";
        return new($"{path}: already holds a run of '{run.Experiment.Method}' {state}; resume it or name a new folder.") { Remedy = Remedy.ResumeRun, Subject = path };
    }

    private static bool IsLock(string entry) => Path.GetFileName(entry) == LockName;

    private static FileStream Lock(string path) =>
        FileLock.TryTake(Path.Combine(path, LockName)) ?? throw InUse(path);

    private static bool IsTrainedIn(string path)
    {
        string name = Path.Combine(path, LockName);
        if (!File.Exists(name)) return false;
        try
        {
            using var taken = FileLock.TryTake(name);
            return taken is null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Somebody else's folder is occupied whoever trains there.
            return false;
        }
    }

    private static InvalidInputException InUse(string path) => new($"{path}: another process is training in this folder; wait for it, stop it, or name a new folder.");
}
