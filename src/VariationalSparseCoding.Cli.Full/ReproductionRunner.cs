using System.Diagnostics;
using System.Globalization;
using VariationalSparseCoding.Commands;
using VariationalSparseCoding.Commands.Printing;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reproduction.Features;
using VariationalSparseCoding.Reproduction.Measuring;
using VariationalSparseCoding.Reproduction.Paper;
using VariationalSparseCoding.Reproduction.Results;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Cli.Full;

/// <summary>Trains and measures what is missing of a reproduction, one run after the other.</summary>
/// <param name="folder">Where the runs are.</param>
/// <param name="options">How thoroughly they are measured.</param>
/// <param name="threads">Threads of new runs; null trains nothing and leaves out runs whose training is not finished.</param>
/// <param name="given">The network whose features of images and reconstructions are compared; null uses the classifier for Fashion-MNIST, and none for other images.</param>
/// <param name="output">Where progress goes.</param>
internal sealed class ReproductionRunner(ReproductionFolder folder, MeasurementOptions options, int? threads, IFeatureNetwork? given, TextWriter output)
{
    /// <summary>Completes runs.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="cancellationToken">Stops after the current step, with a checkpoint.</param>
    /// <returns>The results that exist, in the order of the runs.</returns>
    public IReadOnlyList<RunResult> Run(IReadOnlyList<PlannedRun> runs, CancellationToken cancellationToken)
    {
        // What exists is looked at first, so that a folder of another reproduction is refused before hours of work.
        var stages = runs.Select(run => (Run: run, Stage: folder.StageOf(run, options, DistanceOf(run)))).ToList();
        output.WriteLine($"{folder.Root}: {runs.Count} runs at the {folder.Schedule.Name} schedule, {stages.Count(pair => pair.Stage == RunStage.Finished)} of them finished");
        var missing = stages.Where(pair => pair.Stage == RunStage.Measure || (pair.Stage == RunStage.Train && threads is not null)).Select(pair => pair.Run).ToList();
        using var classifier = given is null && missing.Find(IsOfFashionMnist) is { } first ? Classifier(first, cancellationToken) : null;
        try
        {
            for (int i = 0; i < missing.Count; i++)
            {
                output.WriteLine($"[{i + 1} of {missing.Count}] {missing[i].Name}");
                Complete(missing[i], given ?? (IsOfFashionMnist(missing[i]) ? classifier : null), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            output.WriteLine($"{folder.Root}: interrupted and saved; repeat the command to continue");
            throw;
        }
        return [.. runs.Select(run => folder.Result(run, options, DistanceOf(run))).OfType<RunResult>()];
    }

    private static bool IsOfFashionMnist(PlannedRun run) => run.Experiment.Data.Source == DataOptions.FashionMnist;

    /// <summary>Returns the network behind the Frechet distances of Fashion-MNIST, trained once on the whole data set and kept in the folder.</summary>
    private FashionClassifier Classifier(PlannedRun run, CancellationToken cancellationToken) => FashionClassifier.OfDataSet(
        folder.Root, run.Experiment.Data.Root, () => output.WriteLine("training a classifier of Fashion-MNIST for Frechet distances, once (a few minutes)"), cancellationToken);

    /// <summary>Returns what a run's Frechet distance is called, after its feature network; null if it has none.</summary>
    private string? DistanceOf(PlannedRun run) => given?.DistanceName ?? (IsOfFashionMnist(run) ? FashionClassifier.NameOfDistance : null);

    private void Complete(PlannedRun run, IFeatureNetwork? features, CancellationToken cancellationToken)
    {
        using var trained = folder.Begin(run, threads ?? 0);
        try
        {
            if (folder.StageOf(run, options, features?.DistanceName) == RunStage.Train)
            {
                TrainAndReport.Prepare(run.Experiment.Data, output, cancellationToken);
                using var progress = TrainingProgress.Create(output, run.Experiment.Schedule);
                TrainingRun.Train(trained, [progress], cancellationToken);
            }
        }
        catch (TrainingDivergedException divergence)
        {
            output.WriteLine($"{run.Name}: NaN: {divergence.Message}");
            RunMeasurement.Diverged(trained, folder.Schedule.Name, run.Variant.Name, options, divergence).Write(folder.ResultPath(run));
            return;
        }
        catch (InvalidInputException) when (trained.NewestCheckpoint is null)
        {
            trained.Abandon();
            throw;
        }
        output.WriteLine($"{run.Name}: measuring");
        var watch = Stopwatch.StartNew();
        RunMeasurement.Of(trained, folder.Schedule.Name, run.Variant.Name, options, features, cancellationToken).Write(folder.ResultPath(run));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run.Name}: measured in {watch.Elapsed.TotalSeconds:F0} s"));
    }
}
