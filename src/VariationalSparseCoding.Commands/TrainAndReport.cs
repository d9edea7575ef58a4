using System.Globalization;
using VariationalSparseCoding.Commands.Printing;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Commands;

/// <summary>What `train` and `resume` share: train to the end, evaluate, report.</summary>
internal static class TrainAndReport
{
    /// <summary>Trains a run from where it stands, then evaluates it and writes its report.</summary>
    /// <param name="set">The program that was called.</param>
    /// <param name="folder">The run.</param>
    /// <param name="output">Where progress and results go.</param>
    /// <param name="cancellationToken">Stops after the current step, with a checkpoint.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Run(CommandSet set, RunFolder folder, TextWriter output, CancellationToken cancellationToken)
    {
        // Looked up first, so that nobody waits for a training whose result cannot be shown.
        var evaluate = set.Kinds.Find(folder.Experiment.Generator.Kind);
        output.WriteLine($"{folder.Root}: {Describe(folder.Experiment)}");
        output.WriteLine($"{folder.Root}: {DescribeSettings(folder.Experiment)}");
        string resume = $"'{set.Name} resume {folder.Root}'";
        try
        {
            using var notice = cancellationToken.Register(() => output.WriteLine($"{folder.Root}: stopping; if there is no time to save, {resume} goes on from step {folder.SavedSteps}"));
            Prepare(folder.Experiment.Data, output, cancellationToken);
            using var progress = TrainingProgress.Create(output, folder.Experiment.Schedule);
            TrainingRun.Train(folder, [progress], cancellationToken);
        }
        catch (OperationCanceledException)
        {
            output.WriteLine($"{folder.Root}: interrupted and saved; continue with {resume}");
            throw;
        }
        catch (IOException)
        {
            output.WriteLine($"{folder.Root}: stopped; when the cause is gone, continue with {resume}");
            throw;
        }
        var results = evaluate(folder, null, cancellationToken);
        results.Keep(folder);
        results.Print(output);
        results.WriteReport(null);
        output.WriteLine($"report      {folder.ReportFile}");
        foreach (var (name, path) in results.Pictures) output.WriteLine($"{name,-10}  {path}");
        return ExitCode.Done;
    }

    /// <summary>Decodes and resizes image files that have not been yet, with progress; other data needs nothing.</summary>
    /// <param name="data">The data of an experiment.</param>
    /// <param name="output">Where progress goes.</param>
    /// <param name="cancellationToken">Stops between two images.</param>
    public static void Prepare(DataOptions data, TextWriter output, CancellationToken cancellationToken) =>
        WorkProgress.Run(output, "images", progress =>
        {
            DataSets.Prepare(data, progress, cancellationToken);
            return true;
        });

    private static string Describe(Experiment experiment)
    {
        bool isLinear = experiment.Generator.Kind == GeneratorKind.Linear;
        return $"{MethodTable.Find(experiment.Method)!.PaperRow}, {ExperimentJson.Name(experiment.Fidelity)}, "
            + $"{experiment.Data.TrainSamples} training and {experiment.Data.ValidationSamples} validation {(isLinear ? "samples" : "images")} of {experiment.Data.Source}, "
            + $"{experiment.Generator.Atoms} {(isLinear ? "atoms" : "latent features")}, {experiment.Schedule.Epochs} epochs, seed {experiment.Seed}, {experiment.Compute.Threads} threads";
    }

    /// <summary>The settings that follow from the samples' size and the run's length unless they are given, and why the loss may rise at first.</summary>
    /// <param name="experiment">The experiment.</param>
    internal static string DescribeSettings(Experiment experiment)
    {
        var (objective, schedule) = (experiment.Objective, experiment.Schedule);
        var method = MethodTable.Find(experiment.Method)!;
        if (method.Gate is not null)
            return $"{Number("active features", experiment.Sparsity.Active)}, {Number("learning rate", schedule.LearningRate)}; of each epoch: explained variance, active features of a sample, and dead features, silent for long";
        bool isMap = method.IsMapInference, isLinear = experiment.Generator.Kind == GeneratorKind.Linear;
        string[] weights =
        [
            .. isMap ? (ReadOnlySpan<string>)[] : [Number("KL weight", objective.KlWeight)],
            .. isLinear ? [Number("lambda", objective.Lambda), Number("initial norm", experiment.Generator.InitialNorm)] : (ReadOnlySpan<string>)[],
        ];
        string[] growing = [.. schedule.WarmUp.EndStep > 0 ? (ReadOnlySpan<string>)[isMap ? "lambda" : "the noise"] : [], .. schedule.KlWarmUp.EndStep > 0 ? (ReadOnlySpan<string>)["the KL's weight"] : []];
        long steps = TrainingRun.StepsOf(experiment), end = Math.Max(schedule.WarmUp.EndStep, schedule.KlWarmUp.EndStep);
        string warmUp = growing.Length == 0 ? "" : $"; warm-up of {string.Join(" and ", growing)} to step {end} of {steps}: the loss may rise meanwhile";
        return string.Join(", ", weights) + warmUp;

        static string Number(string name, double value) => string.Create(CultureInfo.InvariantCulture, $"{name} {value:G4}");
    }
}
