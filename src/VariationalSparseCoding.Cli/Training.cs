using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Cli;

/// <summary>What `train` and `resume` share: train to the end, evaluate, report.</summary>
internal static class Training
{
    public static int Run(RunFolder folder, TextWriter output, CancellationToken cancellation)
    {
        var experiment = folder.Experiment;
        bool isLinear = experiment.Generator.Kind == GeneratorKind.Linear;
        output.WriteLine($"{folder.Root}: {MethodTable.Find(experiment.Method)!.PaperRow}, {ExperimentJson.Name(experiment.Fidelity)}, "
            + $"{experiment.Data.TrainSamples} training and {experiment.Data.ValidationSamples} validation {(isLinear ? "samples" : "images")} of {experiment.Data.Source}, "
            + $"{experiment.Generator.Atoms} {(isLinear ? "atoms" : "latent features")}, {experiment.Schedule.Epochs} epochs, seed {experiment.Seed}, {experiment.Compute.Threads} threads");
        try
        {
            Prepare(experiment.Data, output, cancellation);
            using (var progress = TrainingProgress.Create(output)) TrainingRun.Train(folder, [progress], cancellation);
        }
        catch (OperationCanceledException)
        {
            output.WriteLine($"{folder.Root}: interrupted and saved; continue with 'vsc resume {folder.Root}'");
            throw;
        }
        var results = Results.Measure(folder, output, cancellation);
        results.WriteReport(null);
        output.WriteLine($"report      {folder.ReportFile}");
        foreach (var (name, path) in results.Pictures) output.WriteLine($"{name,-10}  {path}");
        return ExitCode.Done;
    }

    /// <summary>Decodes and resizes image files that were not yet, with progress; other data needs nothing.</summary>
    public static void Prepare(DataOptions data, TextWriter output, CancellationToken cancellation) =>
        WorkProgress.Run(output, "images", progress =>
        {
            DataSets.Prepare(data, progress, cancellation);
            return true;
        });
}
