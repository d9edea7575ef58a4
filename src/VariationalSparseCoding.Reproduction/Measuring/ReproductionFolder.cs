using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reproduction.Paper;
using VariationalSparseCoding.Reproduction.Results;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Reproduction.Measuring;

/// <summary>What is missing of a planned run.</summary>
internal enum RunStage
{
    /// <summary>It must be trained to its end, from its start or from where it was interrupted, and measured.</summary>
    Train,
    /// <summary>It is trained and must be measured.</summary>
    Measure,
    /// <summary>Its result is there.</summary>
    Finished,
}

/// <summary>The folder of a reproduction: run folders runs/NAME-sSEED, and results/SCHEDULE/NAME-sSEED.json.</summary>
/// <param name="root">The folder.</param>
/// <param name="schedule">The schedule of the runs.</param>
internal sealed class ReproductionFolder(string root, ReproductionSchedule schedule)
{
    /// <summary>The folder.</summary>
    public string Root => root;

    /// <summary>The schedule of the runs.</summary>
    public ReproductionSchedule Schedule => schedule;

    /// <summary>The folder of a run.</summary>
    /// <param name="run">The run.</param>
    public string RunPath(PlannedRun run) => Path.Combine(root, "runs", run.Name);

    /// <summary>The result of a run.</summary>
    /// <param name="run">The run.</param>
    public string ResultPath(PlannedRun run) => Path.Combine(root, "results", schedule.Name, run.Name + ".json");

    /// <summary>The result of a run, or null where it is not there or was measured otherwise than wanted.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">How thoroughly it should be measured.</param>
    /// <param name="distance">The name of the Frechet distance that it should have where it is of images; null for any, or none.</param>
    /// <exception cref="InvalidInputException">The result is damaged or another experiment's.</exception>
    public RunResult? Result(PlannedRun run, MeasurementOptions options, string? distance = null)
    {
        string path = ResultPath(run);
        if (!File.Exists(path)) return null;
        var result = RunResult.Read(path);
        RequireSame(path, result.Experiment, run.Experiment);
        bool hasDistance = distance is null || run.Experiment.Generator.Kind == GeneratorKind.Linear || result.FeatureNetwork == distance;
        return result.Divergence is not null || (result.Measurement == options && hasDistance) ? result : null;
    }

    /// <summary>What is missing of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">How thoroughly it should be measured.</param>
    /// <param name="distance">The name of the Frechet distance that it should have where it is of images; null for any, or none.</param>
    /// <exception cref="InvalidInputException">What is there is damaged or another experiment's.</exception>
    public RunStage StageOf(PlannedRun run, MeasurementOptions options, string? distance = null)
    {
        if (Result(run, options, distance) is not null) return RunStage.Finished;
        if (!HasRun(run)) return RunStage.Train;
        using var folder = RunFolder.Open(RunPath(run));
        RequireSame(folder.Root, folder.Experiment, run.Experiment);
        return TrainingRun.IsFinished(folder) ? RunStage.Measure : RunStage.Train;
    }

    /// <summary>Starts a run, or opens it to be continued.</summary>
    /// <param name="run">The run.</param>
    /// <param name="threads">Threads of a run that starts; 0 takes one per core.</param>
    /// <exception cref="InvalidInputException">The folder cannot be written, or another process trains in it.</exception>
    public RunFolder Begin(PlannedRun run, int threads) => HasRun(run)
        ? RunFolder.Resume(RunPath(run))
        : RunFolder.Create(RunPath(run), TrainingRun.Resolve(run.Experiment with { Compute = run.Experiment.Compute with { Threads = threads } }));

    private bool HasRun(PlannedRun run) => File.Exists(Path.Combine(RunPath(run), "experiment.json"));

    private static void RequireSame(string path, Experiment found, Experiment planned)
    {
        if (ExperimentDiff.First(found, planned) is { } differing)
            throw new InvalidInputException($"{path}: has {differing.Path} = {differing.Saved}, and {differing.Now} is wanted: name another --output, or delete it.");
    }
}
