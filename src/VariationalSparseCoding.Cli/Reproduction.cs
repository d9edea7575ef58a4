using System.Diagnostics;
using System.Globalization;
using VariationalSparseCoding.Reproduction;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Cli;

/// <summary>Trains and measures what is missing of a reproduction, one run after the other.</summary>
internal static class Reproduction
{
    public static IReadOnlyList<RunResult> Run(ReproductionFolder folder, IReadOnlyList<PlannedRun> runs, MeasurementOptions options, int threads, TextWriter output, CancellationToken cancellation)
    {
        // What is there is looked at first, so that a folder of another reproduction is refused before hours of work.
        var missing = runs.Where(run => folder.StageOf(run, options) != RunStage.Finished).ToList();
        output.WriteLine($"{folder.Root}: {runs.Count} runs at the {folder.Schedule.Name} schedule, {runs.Count - missing.Count} of them finished");
        try
        {
            for (int i = 0; i < missing.Count; i++)
            {
                output.WriteLine($"[{i + 1} of {missing.Count}] {missing[i].Name}");
                Complete(folder, missing[i], options, threads, output, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            output.WriteLine($"{folder.Root}: interrupted and saved; the same command continues");
            throw;
        }
        return [.. runs.Select(run => folder.Result(run, options)!)];
    }

    private static void Complete(ReproductionFolder folder, PlannedRun run, MeasurementOptions options, int threads, TextWriter output, CancellationToken cancellation)
    {
        using var trained = folder.Begin(run, threads);
        try
        {
            if (folder.StageOf(run, options) == RunStage.Train)
            {
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
        var watch = Stopwatch.StartNew();
        RunMeasurement.Of(trained, folder.Schedule.Name, run.Variant.Name, options, cancellation).Write(folder.ResultPath(run));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run.Name}: measured in {watch.Elapsed.TotalSeconds:F0} s"));
    }
}
