using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reporting;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Cli;

/// <summary>What `train` and `resume` share: train to the end, evaluate, report.</summary>
internal static class Training
{
    public static int Run(RunFolder folder, TextWriter output, CancellationToken cancellation)
    {
        var experiment = folder.Experiment;
        output.WriteLine($"{folder.Root}: {MethodTable.Find(experiment.Method)!.PaperRow}, {ExperimentJson.Name(experiment.Fidelity)}, "
            + $"{experiment.Data.TrainSamples} training and {experiment.Data.ValidationSamples} validation samples of {experiment.Data.Source}, "
            + $"{experiment.Generator.Atoms} atoms, {experiment.Schedule.Epochs} epochs, seed {experiment.Seed}, {experiment.Compute.Threads} threads");
        try
        {
            using (var progress = TrainingProgress.Create(output)) TrainingRun.Train(folder, [progress], cancellation);
        }
        catch (OperationCanceledException)
        {
            output.WriteLine($"{folder.Root}: interrupted and saved; continue with 'vsc resume {folder.Root}'");
            throw;
        }
        var evaluation = Results.Measure(folder, null, output, cancellation);
        RunReporting.Write(folder, evaluation);
        output.WriteLine($"report      {folder.ReportFile}");
        output.WriteLine($"dictionary  {folder.DictionaryPicture}");
        return ExitCode.Done;
    }
}
