using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Tests.Serialization;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Tests.Training;

[Collection(WholeProcess.Name)]
public sealed class TrainerTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static Dictionary<string, float[]> Train(Experiment experiment)
    {
        using var state = TinyRun.NewState(experiment);
        TinyRun.Train(state);
        return TinyRun.Numbers(state);
    }

    [Fact]
    public void Observers_hear_of_every_step_and_epoch_and_the_end_is_saved()
    {
        var experiment = TinyRun.Describe(folder);
        experiment = experiment with { Schedule = experiment.Schedule with { ValidateEvery = 2 } };
        List<StepEvent> steps = [];
        List<EpochEvent> epochs = [];
        List<long> saved = [];
        using var state = TinyRun.NewState(experiment);
        TinyRun.Train(state, [new TinyRun.Observer(steps.Add, epochs.Add)], () => saved.Add(state.StepsDone));
        Assert.Equal(Enumerable.Range(1, 18).Select(step => (long)step), steps.Select(made => made.Step));
        Assert.All(steps, made => Assert.Equal((18L, (int)(made.Step + 5) / 6), (made.TotalSteps, made.Epoch)));
        Assert.Equal([(1, 6L), (2, 12L), (3, 18L)], epochs.Select(epoch => (epoch.Epoch, epoch.Step)));
        Assert.Equal([false, true, true], epochs.Select(epoch => epoch.Validation is not null));
        foreach (var epoch in epochs)
            foreach (string name in epoch.Train.Names)
                Assert.Equal(steps.Where(made => made.Epoch == epoch.Epoch).Average(made => made.Terms[name]), epoch.Train[name], 1e-12);
        Assert.Equal([0.5, 0.5 * 0.99, 0.5 * 0.99 * 0.99], epochs.Select(epoch => Math.Round(epoch.State["dictionary_step"], 12)));
        Assert.Equal(18, saved[^1]);
    }

    [Fact]
    public void Every_epoch_sees_every_sample_once_in_an_order_of_its_own()
    {
        var experiment = TinyRun.Describe(folder);
        using var state = TinyRun.NewState(experiment);
        using var data = VariationalSparseCoding.Data.DataSets.Open(experiment.Data, experiment.Seed);
        var train = new Recorder(data.Train);
        new Trainer(state, data.Validation, [], () => { }).Run(train, CancellationToken.None);
        int[][] epochs = [.. train.Rows.Chunk(60)];
        Assert.Equal(3, epochs.Length);
        Assert.All(epochs, epoch => Assert.Equal(Enumerable.Range(0, 60), epoch.Order()));
        Assert.NotEqual(epochs[0], epochs[1]);
        Assert.NotEqual(epochs[1], epochs[2]);
    }

    [Theory]
    [InlineData("thresholded-laplacian")]
    [InlineData("thresholded-laplacian-gamma")]
    [InlineData("spike-and-slab")]
    [InlineData("fista")]
    public void Equal_seeds_give_equal_bits(string method)
    {
        var experiment = TinyRun.Describe(folder, method);
        Assert.Equal(Train(experiment), Train(experiment));
        Assert.NotEqual(Train(experiment), Train(experiment with { Seed = 1 }));
    }

    [Fact]
    public void Another_number_of_threads_gives_the_same_bits()
    {
        var experiment = TinyRun.Describe(folder);
        experiment = experiment with { Generator = experiment.Generator with { Atoms = 64 }, Sampling = experiment.Sampling with { Draws = 40 } };
        var (one, two) = (FirstStep(1), FirstStep(2));
        foreach (string name in one.Names) Assert.Equal(one[name], two[name]);

        LossTerms FirstStep(int threads)
        {
            List<StepEvent> steps = [];
            using var state = TinyRun.NewState(experiment with { Compute = new() { Threads = threads } });
            TinyRun.Train(state, [new TinyRun.Observer(steps.Add)]);
            return steps[0].Terms;
        }
    }

    [Theory]
    [InlineData("network")]
    [InlineData("dictionary")]
    public void A_loss_that_is_not_finite_stops_the_run_with_its_cause_and_spares_the_last_checkpoint(string what)
    {
        var experiment = TinyRun.Describe(folder);
        var absurd = what == "network" ? experiment.Schedule with { LearningRate = 1e6 } : experiment.Schedule with { DictionaryStep = 1e6 };
        experiment = experiment with { Schedule = absurd with { StepSizes = StepSizes.Fixed } };
        string run = folder.File("run");
        using (var created = RunFolder.Create(run, experiment))
        using (var state = TinyRun.NewState(experiment)) created.Save(state);
        using var resumed = RunFolder.Resume(run);
        byte[] before = File.ReadAllBytes(resumed.NewestCheckpoint!);
        var error = Assert.Throws<TrainingDivergedException>(() => TrainingRun.Train(resumed, []));
        Assert.Matches(@"^The training term '\w+' became (NaN|-?∞|-?Infinity) at step \d+ of 18; the last checkpoint is from before\. Lower schedule\.learningRate or schedule\.dictionaryStep, or set schedule\.stepSizes to 'adaptive'\.$", error.Message);
        Assert.EndsWith("step-000000000.safetensors", resumed.NewestCheckpoint, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(resumed.NewestCheckpoint!));
    }

    [Trait("Category", "Slow")]
    [Theory]
    [InlineData("thresholded-laplacian", 5000)]
    [InlineData("thresholded-gaussian-gamma", 500)]
    [InlineData("spike-and-slab", 500)]
    [InlineData("fista", 500)]
    public void Memory_does_not_grow(string method, int steps)
    {
        // Until then code is still being compiled, and the garbage collector's heap takes its size.
        const int warmUp = 10_000;
        var experiment = TinyRun.Describe(folder, method);
        experiment = experiment with { Schedule = experiment.Schedule with { Epochs = (warmUp + steps) / 6 + 1, ValidateEvery = 10, LearningRate = 1e-4, DictionaryStep = 0.01 } };
        long managed = 0, memory = 0;
        var watch = new TinyRun.Observer(made =>
        {
            if (made.Step == warmUp) (managed, memory) = (GC.GetTotalMemory(forceFullCollection: true), Memory());
            if (made.Step != made.TotalSteps) return;
            Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - managed, long.MinValue, 1L << 20);
            // 5,000 steps that each lost one batch of codes would cost 10 MB.
            Assert.InRange(Memory() - memory, long.MinValue, 8L << 20);
        });
        using var state = TinyRun.NewState(experiment);
        Assert.True(state.TotalSteps >= steps + warmUp);
        TinyRun.Train(state, [watch]);

        static long Memory()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using var process = System.Diagnostics.Process.GetCurrentProcess();
            return process.WorkingSet64;
        }
    }

    private sealed class Recorder(VariationalSparseCoding.Data.ISampleSet set) : VariationalSparseCoding.Data.ISampleSet
    {
        public List<int> Rows { get; } = [];

        public int Count => set.Count;

        public int Dimension => set.Dimension;

        public void CopyRows(ReadOnlySpan<int> rows, Span<float> destination)
        {
            Rows.AddRange(rows);
            set.CopyRows(rows, destination);
        }

        public void Dispose() => set.Dispose();
    }
}
