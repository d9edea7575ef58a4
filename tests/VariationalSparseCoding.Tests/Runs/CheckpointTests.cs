using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Serialization;
using VariationalSparseCoding.Tests.Training;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Tests.Runs;

[Collection(WholeProcess.Name)]
public sealed class CheckpointTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>A state in the middle of an epoch, saved.</summary>
    private string Save(Experiment experiment, int steps = 8)
    {
        using var state = TinyRun.NewState(experiment);
        using var source = new CancellationTokenSource();
        var stop = new TinyRun.Observer(made =>
        {
            if (made.Step == steps) source.Cancel();
        });
        string path = folder.File($"step-{steps:D9}.safetensors");
        Assert.Throws<OperationCanceledException>(() => TinyRun.Train(state, [stop], () => Checkpoint.Write(path, state), source.Token));
        return path;
    }

    private static string Refusal(string path, Experiment experiment)
    {
        using var state = TinyRun.NewState(experiment);
        var before = TinyRun.Numbers(state);
        string message = Assert.Throws<InvalidInputException>(() => Checkpoint.Read(path, Safetensors.Read(path), state)).Message;
        Assert.Equal(before, TinyRun.Numbers(state));
        Assert.Equal(0, state.StepsDone);
        Assert.DoesNotContain('\n', message);
        Assert.Contains(path, message, StringComparison.Ordinal);
        return message;
    }

    [Theory]
    [InlineData("thresholded-laplacian")]
    [InlineData("spike-and-slab")]
    [InlineData("thresholded-gaussian-gamma")]
    [InlineData("fista")]
    public void A_state_comes_back_bit_for_bit(string method)
    {
        var experiment = TinyRun.Describe(folder, method);
        string path = Save(experiment);
        using var state = TinyRun.NewState(experiment);
        var fresh = TinyRun.Numbers(state);
        Checkpoint.Read(path, Safetensors.Read(path), state);
        Assert.Equal((8, 2), (state.StepsDone, state.Sums.Steps));
        Assert.NotEqual(fresh, TinyRun.Numbers(state));
        Assert.Equal(method == "fista", !state.Tensors.Any(tensor => tensor.Name.StartsWith("momentum.", StringComparison.Ordinal)));

        string copy = folder.File("copy.safetensors");
        Checkpoint.Write(copy, state);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(copy));
    }

    [Theory]
    [InlineData("thresholded-laplacian", false, 8)]
    [InlineData("thresholded-laplacian", true, 8)]
    [InlineData("thresholded-laplacian", true, 6)]
    [InlineData("thresholded-gaussian-gamma", false, 1)]
    [InlineData("spike-and-slab", false, 11)]
    [InlineData("laplacian", false, 17)]
    [InlineData("fista", false, 8)]
    public void A_resumed_run_ends_as_the_uninterrupted_one(string method, bool klWarmUp, int steps)
    {
        var experiment = TinyRun.Describe(folder, method);
        if (klWarmUp) experiment = experiment with { Schedule = experiment.Schedule with { KlWarmUp = new() { Initial = 0.1, Start = 0, Increment = 0.06 } }, Objective = new() { KlWeight = 1 } };
        string path = Save(experiment, steps);
        List<EpochEvent> whole = [], rest = [];
        using var uninterrupted = TinyRun.NewState(experiment);
        TinyRun.Train(uninterrupted, [new TinyRun.Observer(onEpoch: whole.Add)]);
        using var resumed = TinyRun.NewState(experiment);
        Checkpoint.Read(path, Safetensors.Read(path), resumed);
        TinyRun.Train(resumed, [new TinyRun.Observer(onEpoch: rest.Add)]);
        Assert.Equal(TinyRun.Numbers(uninterrupted), TinyRun.Numbers(resumed));
        Assert.Equal(Enumerable.Range(steps / 6 + 1, 3 - steps / 6), rest.Select(epoch => epoch.Epoch));
        foreach (var (expected, actual) in whole.Skip(steps / 6).Zip(rest))
        {
            Assert.Equal(expected.Train.Values, actual.Train.Values);
            Assert.Equal(expected.Validation!.Values, actual.Validation!.Values);
            Assert.Equal(expected.State.Values, actual.State.Values);
        }
    }

    [Fact]
    public void Another_experiment_is_refused_by_the_setting_that_differs()
    {
        var experiment = TinyRun.Describe(folder);
        string path = Save(experiment);
        Assert.Contains("seed = 0, not 1", Refusal(path, experiment with { Seed = 1 }), StringComparison.Ordinal);
        Assert.Contains("method = thresholded-laplacian, not laplacian", Refusal(path, TinyRun.Describe(folder, "laplacian")), StringComparison.Ordinal);
        Assert.Contains("generator.atoms = 8, not 9", Refusal(path, experiment with { Generator = experiment.Generator with { Atoms = 9 } }), StringComparison.Ordinal);
        Assert.Contains("schedule.klWarmUp.start", Refusal(path, experiment with { Schedule = experiment.Schedule with { KlWarmUp = new() { Initial = 1, Start = 3 } } }), StringComparison.Ordinal);
        Assert.Contains("posterior.initialHeads", Refusal(path, experiment with { Posterior = experiment.Posterior with { InitialHeads = InitialHeads.Prior } }), StringComparison.Ordinal);
        using var halved = TinyRun.NewState(experiment with { Compute = experiment.Compute with { Precision = ComputePrecision.Bf16 } });
        Assert.Contains("compute.precision = fp32, not bf16", Assert.Throws<InvalidInputException>(() => Checkpoint.Read(path, Safetensors.Read(path), halved)).Message, StringComparison.Ordinal);
        Assert.Contains("objective.klWeight", Refusal(path, experiment with { Objective = experiment.Objective with { KlWeight = 0.5 } }), StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_and_the_place_of_the_data_may_change()
    {
        var experiment = TinyRun.Describe(folder);
        string path = Save(experiment), moved = folder.File("moved.npy");
        File.Move(experiment.Data.Source, moved);
        using var state = TinyRun.NewState(experiment with { Data = experiment.Data with { Source = moved }, Compute = new() { Threads = 2 }, CreatedWith = "another version" });
        Checkpoint.Read(path, Safetensors.Read(path), state);
        Assert.Equal(8, state.StepsDone);
    }

    [Fact]
    public void Other_data_is_refused()
    {
        var experiment = TinyRun.Describe(folder);
        string path = Save(experiment);
        Npy.Write<float>(experiment.Data.Source, (float[])[.. Enumerable.Range(0, 480).Select(i => (float)Math.Cos(i * i))], 6);
        Assert.Contains("was trained on other data", Refusal(path, experiment), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_whose_parts_do_not_fit_is_refused()
    {
        var experiment = TinyRun.Describe(folder);
        string path = Save(experiment);
        Refuse("is not a checkpoint", (_, metadata) => metadata.Remove("format"));
        Refuse("layout 2, and this one reads 1", (_, metadata) => metadata["version"] = "2");
        Refuse("holds no model", (_, metadata) => metadata.Remove("experiment"));
        Refuse("preprocessing", (_, metadata) => metadata["preprocessing"] = "{}");
        Refuse("position", (_, metadata) => metadata.Remove("position"));
        Refuse("position", (_, metadata) => metadata["position"] = "{ \"step\": \"eight\" }");
        Refuse("position", (_, metadata) => metadata["position"] = metadata["position"].Replace("\"step\":8", "\"step\":9", StringComparison.Ordinal));
        Refuse("position", (_, metadata) => metadata["position"] = metadata["position"].Replace("\"step\":8", "\"step\":800", StringComparison.Ordinal));
        Refuse("position", (_, metadata) => metadata["position"] = metadata["position"].Replace("\"step\":8", "\"step\":-10", StringComparison.Ordinal));
        Refuse("position", (_, metadata) => metadata["position"] = metadata["position"].Replace("\"summedSteps\":2", "\"summedSteps\":99999999999", StringComparison.Ordinal));
        Refuse("'dictionary' is missing", (tensors, _) => tensors.Remove("dictionary"));
        Refuse("'dictionary' is", (tensors, _) => tensors["dictionary"] = StoredTensor.Of("dictionary", new float[6 * 9], 6, 9));
        Refuse("'dictionary' is", (tensors, _) => tensors["dictionary"] = StoredTensor.Of("dictionary", new double[6 * 8], 6, 8));
        Refuse("not finite", (tensors, _) => tensors["dictionary"] = StoredTensor.Of("dictionary", [.. Enumerable.Repeat(float.NaN, 6 * 8)], 6, 8));
        Refuse("preprocessing.mean", (tensors, _) => tensors.Remove("preprocessing.mean"));

        void Refuse(string part, Action<Dictionary<string, StoredTensor>, Dictionary<string, string>> spoil)
        {
            var (read, strings) = Safetensors.Read(path);
            Dictionary<string, StoredTensor> tensors = new(read);
            Dictionary<string, string> metadata = new(strings);
            spoil(tensors, metadata);
            string spoiled = folder.File("spoiled.safetensors");
            Safetensors.Write(spoiled, tensors.Values, metadata);
            Assert.Contains(part, Refusal(spoiled, experiment), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Damaged_bytes_are_refused_or_read_but_never_harm()
    {
        var experiment = TinyRun.Describe(folder);
        byte[] whole = File.ReadAllBytes(Save(experiment));
        using var state = TinyRun.NewState(experiment);
        int refused = Hostile.Read(whole, ".safetensors", 300, path => Checkpoint.Read(path, Safetensors.Read(path), state));
        Assert.InRange(refused, 100, 300);
    }

    [Theory]
    [InlineData("step-000000012.safetensors", 12L)]
    [InlineData("/run/checkpoint/step-1234567890123.safetensors", 1234567890123L)]
    [InlineData(".step-000000012.safetensors.abcd0123.vsc-partial", null)]
    [InlineData("step--00000012.safetensors", null)]
    [InlineData("step-.safetensors", null)]
    [InlineData("step.safetensors", null)]
    [InlineData("model.safetensors", null)]
    public void The_name_tells_the_step(string name, long? step) => Assert.Equal(step, Checkpoint.StepOf(name));
}
