using System.Diagnostics;
using System.Globalization;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Reproduction.Features;
using VariationalSparseCoding.Reproduction.Measuring;
using VariationalSparseCoding.Reproduction.Paper;
using VariationalSparseCoding.Reproduction.Results;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Cli;

/// <summary>Trains and measures what is missing of a reproduction, one run after the other.</summary>
internal static class Reproduction
{
    /// <summary>Completes runs.</summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="options">How thoroughly they are measured.</param>
    /// <param name="threads">Threads of new runs; null trains nothing and leaves out runs whose training is not finished.</param>
    /// <param name="given">The network whose features of images and reconstructions are compared; null takes the classifier for Fashion-MNIST, and none for other images.</param>
    /// <param name="output">Where progress goes.</param>
    /// <param name="cancellation">Stops after the current step, with a checkpoint.</param>
    /// <returns>The results that there are, in the order of the runs.</returns>
    public static IReadOnlyList<RunResult> Run(ReproductionFolder folder, IReadOnlyList<PlannedRun> runs, MeasurementOptions options, int? threads, IFeatureNetwork? given, TextWriter output, CancellationToken cancellation)
    {
        // What is there is looked at first, so that a folder of another reproduction is refused before hours of work.
        var stages = runs.Select(run => (Run: run, Stage: folder.StageOf(run, options, DistanceOf(run, given)))).ToList();
        output.WriteLine($"{folder.Root}: {runs.Count} runs at the {folder.Schedule.Name} schedule, {stages.Count(pair => pair.Stage == RunStage.Finished)} of them finished");
        var missing = stages.Where(pair => pair.Stage == RunStage.Measure || (pair.Stage == RunStage.Train && threads is not null)).Select(pair => pair.Run).ToList();
        using var classifier = given is null && missing.Any(run => run.Experiment.Data.Source == DataOptions.FashionMnist) ? Classifier(folder, missing, output, cancellation) : null;
        try
        {
            for (int i = 0; i < missing.Count; i++)
            {
                output.WriteLine($"[{i + 1} of {missing.Count}] {missing[i].Name}");
                Complete(folder, missing[i], options, threads ?? 0, given ?? (missing[i].Experiment.Data.Source == DataOptions.FashionMnist ? classifier : null), output, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            output.WriteLine($"{folder.Root}: interrupted and saved; the same command continues");
            throw;
        }
        return [.. runs.Select(run => folder.Result(run, options, DistanceOf(run, given))).OfType<RunResult>()];
    }

    /// <summary>The network behind the Frechet distances of Fashion-MNIST, trained once on the whole data set and kept in the folder; for other images there is none.</summary>
    private static FashionClassifier Classifier(ReproductionFolder folder, IReadOnlyList<PlannedRun> runs, TextWriter output, CancellationToken cancellation)
    {
        string root = runs.First(run => run.Experiment.Data.Source == DataOptions.FashionMnist).Experiment.Data.Root;
        return FashionClassifier.OfDataSet(folder.Root, root, () => output.WriteLine("training a classifier of Fashion-MNIST for Frechet distances, once (a few minutes)"), cancellation);
    }

    /// <summary>What a run's Frechet distance is called after the network that there is for it; null where there is none.</summary>
    private static string? DistanceOf(PlannedRun run, IFeatureNetwork? given) =>
        given?.DistanceName ?? (run.Experiment.Data.Source == DataOptions.FashionMnist ? FashionClassifier.NameOfDistance : null);

    private static void Complete(ReproductionFolder folder, PlannedRun run, MeasurementOptions options, int threads, IFeatureNetwork? features, TextWriter output, CancellationToken cancellation)
    {
        using var trained = folder.Begin(run, threads);
        try
        {
            if (folder.StageOf(run, options, features?.DistanceName) == RunStage.Train)
            {
                Training.Prepare(run.Experiment.Data, output, cancellation);
                using var progress = TrainingProgress.Create(output);
                TrainingRun.Train(trained, [progress], cancellation);
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
        RunMeasurement.Of(trained, folder.Schedule.Name, run.Variant.Name, options, features, cancellation).Write(folder.ResultPath(run));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run.Name}: measured in {watch.Elapsed.TotalSeconds:F0} s"));
    }
}
