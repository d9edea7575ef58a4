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

    /// <summary>Has the program train for long, and interrupts it with a signal after its first epoch. Linux only.</summary>
    /// <param name="matrix">The data.</param>
    /// <param name="run">The folder of the run.</param>
    public static async Task ByTheProgram(string matrix, string run)
    {
        var process = Vsc.Start(Environment.CurrentDirectory, TinyData.Train(matrix, run, "--set", "schedule.epochs=100000"));
        await process.Line("epoch 1 ");
        process.Signal("TERM");
        Assert.Equal(ExitCode.Interrupted, (await process.Finish()).Code);
    }

    public void OnStep(StepEvent made)
    {
        if (made.Step == step) source.Cancel();
    }

    public void Dispose() => source.Dispose();
}
