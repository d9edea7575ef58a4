using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Serialization;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Tests.Training;

public sealed class DivergenceGuardTests : IDisposable
{
    // At this rate the losses of these samples become NaN within a few steps; at a sixteenth or so of it they fall.
    private const double AbsurdRate = 30;

    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("thresholded-laplacian")]
    [InlineData("laplacian")]
    [InlineData("gaussian")]
    public void A_training_with_absurd_rates_goes_back_until_it_converges_and_says_so(string method)
    {
        using var state = TinyRun.NewState(Absurd(method));
        var heard = new Listener();
        TinyRun.Train(state, [heard]);
        Assert.InRange(state.Guard!.BackOffs, 1, DivergenceGuard.MostBackOffs);
        Assert.Equal(Math.Pow(0.5, state.Guard.BackOffs), state.Guard.Share);
        Assert.Equal(state.TotalSteps, state.StepsDone);
        Assert.All(TinyRun.Numbers(state).Values, numbers => Assert.All(numbers, number => Assert.True(float.IsFinite(number))));
        Assert.Equal(state.Guard.BackOffs, heard.Notes.Count);
        Assert.Equal(heard.Notes, state.Notes);
        Assert.Matches(@"^training began to diverge at step \d+; it goes on from step \d+ with 0\.5 of the step sizes$", heard.Notes[0]);
    }

    [Theory]
    [InlineData("thresholded-laplacian")]
    [InlineData("fista")]
    public void A_dictionary_step_of_any_size_is_shortened_to_what_the_codes_bear(string method)
    {
        var experiment = TinyRun.Describe(folder, method);
        using var state = TinyRun.NewState(experiment with { Schedule = experiment.Schedule with { DictionaryStep = 1e6 } });
        TinyRun.Train(state);
        Assert.All(TinyRun.Numbers(state).Values, numbers => Assert.All(numbers, number => Assert.True(float.IsFinite(number))));
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void A_training_killed_anywhere_goes_on_to_the_same_bits_also_where_it_goes_back()
    {
        var experiment = Absurd("thresholded-laplacian");
        using var whole = TinyRun.NewState(experiment);
        TinyRun.Train(whole);
        int backOffs = whole.Guard!.BackOffs;
        Assert.True(backOffs > 0);
        for (int life = 1; life < 40; life += 3)
        {
            string file = folder.File($"checkpoint-{life}.safetensors");
            int lives = 0;
            while (true)
            {
                using var state = TinyRun.NewState(experiment);
                if (File.Exists(file)) Checkpoint.Read(file, Safetensors.Read(file), state);
                using var killed = new CancellationTokenSource();
                int made = 0;
                try
                {
                    // The first life is short, and the others longer by one step each, so that they meet every place.
                    TinyRun.Train(state, [new TinyRun.Observer(_ => Count())], () => Checkpoint.Write(file, state), killed.Token);
                }
                catch (OperationCanceledException)
                {
                    lives++;
                    continue;
                }
                Assert.Equal(TinyRun.Numbers(whole), TinyRun.Numbers(state));
                Assert.Equal((backOffs, whole.Guard.Share), (state.Guard!.BackOffs, state.Guard.Share));
                break;

                void Count()
                {
                    if (++made == life + lives) killed.Cancel();
                }
            }
        }
    }

    [Fact]
    public void A_run_says_when_it_goes_back_and_its_table_has_each_epoch_once()
    {
        var experiment = Absurd("laplacian");
        using var run = RunFolder.Create(folder.File("run"), experiment);
        List<string> said = [];
        run.Notice = said.Add;
        TrainingRun.Train(run, []);
        Assert.Contains(said, line => line.Contains("training began to diverge at step", StringComparison.Ordinal));
        var epochs = MetricsTable.Read(run.MetricsFile);
        Assert.Equal(Enumerable.Range(1, experiment.Schedule.Epochs), epochs.Select(epoch => (int)epoch["epoch"]));
        Assert.True(epochs[^1]["back_offs"] > 0);
        Assert.Equal(Math.Pow(0.5, epochs[^1]["back_offs"]), epochs[^1]["step_share"]);
    }

    [Fact]
    public void A_training_that_no_step_size_helps_is_given_up_with_what_to_do()
    {
        var experiment = TinyRun.Describe(folder);
        using var state = TinyRun.NewState(experiment with { Schedule = experiment.Schedule with { LearningRate = 1e6, Epochs = 30 }, Objective = experiment.Objective with { KlWeight = 1e6 } });
        var error = Assert.Throws<TrainingDivergedException>(() => TinyRun.Train(state));
        Assert.Matches(@"^Training diverged again at step \d+ of 180, after it had gone back 12 times and halved its step sizes each time\. "
            + @"Look for samples far from all others, raise objective\.klWeight, or lower schedule\.learningRate or schedule\.dictionaryStep\.$", error.Message);
    }

    [Fact]
    public void Published_settings_have_no_guard()
    {
        var published = MethodTable.Default.Defaults(Fidelity.Published);
        Assert.Equal(StepSizes.Fixed, published.Schedule.StepSizes);
        Assert.Equal(StepSizes.Adaptive, MethodTable.Default.Defaults().Schedule.StepSizes);
        using var state = TinyRun.NewState(TinyRun.Describe(folder) with { Schedule = TinyRun.Describe(folder).Schedule with { StepSizes = StepSizes.Fixed } });
        Assert.Null(state.Guard);
    }

    private Experiment Absurd(string method)
    {
        var experiment = TinyRun.Describe(folder, method);
        return experiment with { Schedule = experiment.Schedule with { LearningRate = AbsurdRate, Epochs = 10 } };
    }

    private sealed class Listener : ITrainingObserver
    {
        public List<string> Notes { get; } = [];

        public void OnBackOff(long stepsDone, string note) => Notes.Add(note);
    }
}
