using System.Text.Json.Nodes;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Kernels;
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
        Assert.Throws<OperationCanceledException>(() => TrainingRun.Start(interrupted, experiment, new At(7, stop.Cancel), cancellationToken: stop.Token));
        using (var folder = RunFolder.Open(interrupted)) Assert.False(TrainingRun.IsFinished(folder));
        TrainingRun.Resume(interrupted);
        using (var folder = RunFolder.Open(interrupted)) Assert.True(TrainingRun.IsFinished(folder));
        using SparseCoder first = SparseCoder.Load(whole), second = SparseCoder.Load(interrupted);
        Assert.Equal(first.Dictionary, second.Dictionary);
    }

    [Fact]
    public void A_caller_is_told_what_is_odd_before_the_first_step()
    {
        const int Dimension = 8;
        float[] samples = [.. RandomNumbers.Normal(1, 200 * Dimension).Select((value, i) => i % Dimension == 3 ? 7 : 100 * value)];
        Npy.Write<float>(scratch.File("x.npy"), samples, Dimension);
        var experiment = ExperimentDefaults.Resolve("test", new()
        {
            ["data"] = new JsonObject { ["source"] = scratch.File("x.npy"), ["standardise"] = false },
            ["schedule"] = new JsonObject { ["epochs"] = 20, ["learningRate"] = 1e-12, ["dictionaryStep"] = 0 },
        });
        List<string> notes = [];
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => TrainingRun.Start(scratch.File("run"), experiment, new At(1, Stop), new Listener(notes), stop.Token));

        void Stop()
        {
            Assert.Contains("the samples' mean squared value is", Assert.Single(notes), StringComparison.Ordinal);
            stop.Cancel();
        }
    }

    [Fact]
    public void A_caller_is_told_that_a_resumed_training_begins_to_diverge()
    {
        var experiment = TinyRun.Describe(scratch);
        string run = scratch.File("run");
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            TrainingRun.Start(run, experiment with { Schedule = experiment.Schedule with { LearningRate = 30, Epochs = 10 } }, new At(1, stop.Cancel), cancellationToken: stop.Token));
        List<string> notes = [];
        TrainingRun.Resume(run, notes: new Listener(notes));
        Assert.Contains(notes, note => note.Contains("training began to diverge at step", StringComparison.Ordinal));
    }

    [Fact]
    public void An_experiment_that_cannot_be_trained_leaves_no_folder()
    {
        var experiment = TinyRun.Describe(scratch);
        string folder = scratch.File("run");
        Assert.Contains("generator.atoms", Assert.Throws<InvalidInputException>(() => TrainingRun.Start(folder, experiment with { Generator = new() { Atoms = 0 } })).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    private sealed class Listener(List<string> lines) : IProgress<string>
    {
        public void Report(string value) => lines.Add(value);
    }

    private sealed class At(long step, Action action) : IProgress<StepEvent>
    {
        public void Report(StepEvent value)
        {
            if (value.Step == step) action();
        }
    }
}
