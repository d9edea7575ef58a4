using System.Text.Json.Nodes;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Serialization;

namespace VariationalSparseCoding.Tests.Runs;

/// <summary>Weights, norms and warm-ups follow from the samples' size and the run's length, for options as for command lines.</summary>
public sealed class DerivedSettingsTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    private JsonObject Data(int dimension, int rows)
    {
        string file = folder.File($"{rows}x{dimension}.npy");
        if (!File.Exists(file)) Npy.Write<float>(file, (float[])[.. Enumerable.Range(0, rows * dimension).Select(i => MathF.Sin(i % 1000 * i))], dimension);
        return new() { ["source"] = file };
    }

    private Experiment Command(int dimension, int rows, string settings = "{}", Preset? preset = null)
    {
        var layer = JsonNode.Parse(settings)!.AsObject();
        layer["data"] = Data(dimension, rows);
        return ExperimentDefaults.Resolve("test", layer, preset);
    }

    /// <summary>What decides a training, without the place and division of the samples.</summary>
    private static Experiment Training(Experiment experiment) => experiment with { Data = new() { TrainSamples = experiment.Data.TrainSamples }, CreatedWith = "" };

    public static TheoryData<string, int, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, int, int>();
            foreach (var method in MethodTable.All)
                foreach (var (dimension, rows, epochs) in new[] { (1, 10, 30), (7, 240, 3), (64, 1200, 48), (300, 60, 1), (2, 24_000, 48), (3, 24_000, 300) })
                    cases.Add(method.Name, dimension, rows, epochs);
            return cases;
        }
    }

    [Theory, Trait("Fault", "C2")]
    [MemberData(nameof(Cases))]
    public void Options_and_a_command_line_describe_the_same_training(string method, int dimension, int rows, int epochs)
    {
        foreach (var preset in new[] { null, Presets.SparseCoding })
        {
            foreach (var fidelity in Enum.GetValues<Fidelity>())
            {
                var command = Command(dimension, rows, $$"""{ "method": "{{method}}", "fidelity": "{{ExperimentJson.Name(fidelity)}}", "schedule": { "epochs": {{epochs}} } }""", preset);
                var options = preset is null ? new SparseCoderOptions { Draws = command.Sampling.Draws } : SparseCoderOptions.SparseCoding;
                var library = (options with { Method = method, Fidelity = fidelity, Epochs = epochs }).Experiment(dimension, command.Data.TrainSamples);
                Assert.Equal(Training(library), Training(command));
            }
        }
    }

    [Fact]
    public void Weights_given_to_options_are_those_of_a_command_line()
    {
        foreach (var preset in new[] { null, Presets.SparseCoding })
        {
            var basis = preset is null ? new SparseCoderOptions { Epochs = 48 } : SparseCoderOptions.SparseCoding;
            var lambda = Command(64, 120, """{ "objective": { "lambda": 3 } }""", preset);
            Assert.Equal(Training((basis with { Lambda = 3 }).Experiment(64, lambda.Data.TrainSamples)), Training(lambda));
            var both = Command(64, 120, """{ "objective": { "lambda": 3, "klWeight": 0.5 } }""", preset);
            Assert.Equal(Training((basis with { Lambda = 3, KlWeight = 0.5 }).Experiment(64, both.Data.TrainSamples)), Training(both));
        }
    }

    [Fact]
    public void At_the_papers_size_and_the_usual_lengths_they_are_what_they_were()
    {
        // 20,000 samples in 30 epochs, the options' usual length, and in 48, that of the preset 'quick'.
        foreach (var method in MethodTable.All)
        {
            var usual = new SparseCoderOptions { Method = method.Name }.Experiment(256, 20_000);
            Assert.Equal((20.0, 0.01, 1.0), (usual.Objective.Lambda, usual.Objective.KlWeight, usual.Generator.InitialNorm));
            Assert.Equal(new() { Decay = Math.Pow(0.5, 1.0 / 600), Floor = 0.5 }, usual.Schedule.Temperature);
            if (method.Family.WarmUp(GeneratorKind.Linear).Initial < 1) Assert.Equal(new() { Initial = 0.1, Start = 0, Increment = 0.9 / 600 }, usual.Schedule.WarmUp);
            else Assert.Equal((1, 0), (usual.Schedule.WarmUp.Initial, usual.Schedule.WarmUp.EndStep));
        }
        Assert.Equal(Presets.Quick.Resolve().Schedule, new SparseCoderOptions { Epochs = 48 }.Experiment(256, 20_000).Schedule);
    }

    [Theory]
    [InlineData(1, 0.078125, 0.01)]
    [InlineData(64, 5, 0.01)]
    [InlineData(1024, 20, 0.0025)]
    public void Weights_keep_their_balance_at_other_sizes(int dimension, double lambda, double klWeight)
    {
        var experiment = Command(dimension, 120);
        Assert.Equal((lambda, klWeight, 1), (experiment.Objective.Lambda, experiment.Objective.KlWeight, experiment.Generator.InitialNorm));
        var sparse = Command(dimension, 120, preset: Presets.SparseCoding);
        Assert.Equal(20 * dimension / 256.0, sparse.Objective.Lambda);
        // D/2 beta / b0 is what a unit of the posterior's shift costs.
        Assert.Equal(sparse.Objective.Lambda, dimension / 2.0 * sparse.Objective.KlWeight / sparse.Posterior.PriorSpread, 1e-12);
        Assert.Equal(4 * Math.Sqrt(dimension / 256.0), sparse.Generator.InitialNorm, 1e-12);
        var narrow = Command(dimension, 120, """{ "posterior": { "priorSpread": 0.0025 } }""", Presets.SparseCoding);
        Assert.Equal(narrow.Objective.Lambda, dimension / 2.0 * narrow.Objective.KlWeight / 0.0025, 1e-12);
    }

    /// <summary>With Gaussian codes a direction is worth coding where its variance is above D beta / 2; standardised samples have none above D.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(255)]
    [InlineData(2000)]
    public void The_KL_of_small_samples_prices_a_direction_by_its_share_of_the_variance_as_the_papers_does(int dimension)
    {
        double worth = dimension * new SparseCoderOptions().Experiment(dimension, 1000).Objective.KlWeight / 2;
        Assert.Equal(256 * 0.01 / 2, worth * 256 / Math.Min(256, dimension), 1e-12);
        foreach (string method in new[] { "gaussian", "laplacian" })
        {
            // MAP codes stand to the optimum at lambda as they do there.
            Experiment paper = new SparseCoderOptions { Method = method }.Experiment(256, 1000), small = new SparseCoderOptions { Method = method }.Experiment(dimension, 1000);
            Assert.Equal(DefaultCode.MapLambda(paper, 256) / paper.Objective.Lambda, DefaultCode.MapLambda(small, dimension) / small.Objective.Lambda, 1e-12);
        }
    }

    [Fact]
    public void What_a_person_sets_stays()
    {
        var experiment = Command(64, 120, """
            { "objective": { "lambda": 20, "klWeight": 0.01 }, "generator": { "initialNorm": 4 },
              "schedule": { "warmUp": { "increment": 0.002 }, "klWarmUp": { "start": 7 }, "temperature": { "decay": 0.9 } } }
            """, Presets.SparseCoding);
        Assert.Equal((20.0, 0.01, 4.0), (experiment.Objective.Lambda, experiment.Objective.KlWeight, experiment.Generator.InitialNorm));
        Assert.Equal((1, 0, 0.002), (experiment.Schedule.WarmUp.Initial, experiment.Schedule.WarmUp.Start, experiment.Schedule.WarmUp.Increment));
        Assert.Equal((0.02, 7, 0.00011), (experiment.Schedule.KlWarmUp.Initial, experiment.Schedule.KlWarmUp.Start, experiment.Schedule.KlWarmUp.Increment));
        Assert.Equal(0.9, experiment.Schedule.Temperature.Decay);
        // A beginning of one's own is reached from within the first tenth, too: 48 steps.
        Assert.Equal(new() { Initial = 0.5, Start = 0, Increment = 0.5 / (0.1 * 48) }, Command(64, 120, """{ "schedule": { "warmUp": { "initial": 0.5 } } }""").Schedule.WarmUp);
    }

    [Fact]
    public void What_was_derived_is_written_and_not_derived_again()
    {
        var experiment = Command(6, 240, """{ "method": "laplacian", "schedule": { "epochs": 2 } }""", Presets.SparseCoding);
        string file = folder.File("experiment.json");
        File.WriteAllText(file, ExperimentJson.ToJson(experiment).ToJsonString(ExperimentJson.Options));
        Assert.Equal(experiment, ExperimentDefaults.ResolveFile(file, []));
        // So it stays where the data changes: whoever wrote the file has set every key.
        var wider = ExperimentDefaults.ResolveFile(file, new() { ["data"] = Data(12, 240) });
        Assert.Equal(experiment.Objective, wider.Objective);
    }

    [Fact]
    public void A_file_that_leaves_them_out_gets_them_derived()
    {
        string file = folder.File("mine.json");
        File.WriteAllText(file, new JsonObject { ["method"] = "fista", ["data"] = Data(64, 120), ["schedule"] = new JsonObject { ["epochs"] = 48 } }.ToJsonString());
        var experiment = ExperimentDefaults.ResolveFile(file, []);
        Assert.Equal(5, experiment.Objective.Lambda);
        Assert.Equal(1, experiment.Schedule.WarmUp.At(TrainingRun.StepsOf(experiment) / 10 + 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(25)]
    [InlineData(4000)]
    public void Warm_ups_end_within_the_first_tenth_however_long_the_run(int epochs)
    {
        foreach (var method in MethodTable.All)
        {
            var experiment = new SparseCoderOptions { Method = method.Name, Epochs = epochs }.Experiment(5, 1000);
            long tenth = Math.Max(1, epochs * 10 / 10);
            Assert.Equal(1, experiment.Schedule.WarmUp.At(tenth), 1e-12);
            Assert.InRange(experiment.Schedule.WarmUp.EndStep, 0, tenth);
            Assert.Equal(0.5, experiment.Schedule.Temperature.At(tenth), 1e-9);
        }
    }
}
