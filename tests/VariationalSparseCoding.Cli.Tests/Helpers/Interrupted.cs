using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Cli.Tests.Helpers;

/// <summary>Trains, and interrupts at a step, as a signal would.</summary>
internal sealed class Interrupted : ITrainingObserver, IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly int step;

    private Interrupted(int step) => this.step = step;

    /// <param name="reference">A run of the same experiment.</param>
    /// <param name="run">The folder of the new run.</param>
    /// <param name="atStep">After which step it is interrupted.</param>
    public static void Train(string reference, string run, int atStep)
    {
        using var described = RunFolder.Open(reference);
        using var folder = RunFolder.Create(run, described.Experiment);
        using var interrupted = new Interrupted(atStep);
        Assert.Throws<OperationCanceledException>(() => TrainingRun.Train(folder, [interrupted], interrupted.source.Token));
    }

    public void OnStep(StepEvent made)
    {
        if (made.Step == step) source.Cancel();
    }

    public void Dispose() => source.Dispose();
}
