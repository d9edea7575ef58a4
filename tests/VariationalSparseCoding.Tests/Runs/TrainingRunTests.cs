using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Tests.Serialization;
using VariationalSparseCoding.Tests.Training;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Tests.Runs;

public sealed class TrainingRunTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_run_that_was_interrupted_ends_as_one_that_was_not()
    {
        var experiment = TinyRun.Describe(scratch);
        string whole = scratch.File("whole"), interrupted = scratch.File("interrupted");
        TrainingRun.Start(whole, experiment);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => TrainingRun.Start(interrupted, experiment, new At(7, stop.Cancel), stop.Token));
        using (var folder = RunFolder.Open(interrupted)) Assert.False(TrainingRun.IsFinished(folder));
        TrainingRun.Resume(interrupted);
        using (var folder = RunFolder.Open(interrupted)) Assert.True(TrainingRun.IsFinished(folder));
        using SparseCoder first = SparseCoder.Load(whole), second = SparseCoder.Load(interrupted);
        Assert.Equal(first.Dictionary, second.Dictionary);
    }

    [Fact]
    public void An_experiment_that_cannot_be_trained_leaves_no_folder()
    {
        var experiment = TinyRun.Describe(scratch);
        string folder = scratch.File("run");
        Assert.Contains("generator.atoms", Assert.Throws<InvalidInputException>(() => TrainingRun.Start(folder, experiment with { Generator = new() { Atoms = 0 } })).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    private sealed class At(long step, Action action) : IProgress<StepEvent>
    {
        public void Report(StepEvent value)
        {
            if (value.Step == step) action();
        }
    }
}
