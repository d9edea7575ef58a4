using System.Text.Json.Nodes;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Cli.Tests.Commands;

[Collection(TrainedRunTests.Name)]
public class EvaluateCommandTests(TrainedRun trained)
{
    private const double Lambda = 0.2, Kappa = 1e-3;
    private static readonly string[] Endings = ["", "_j1", "_mean", "_mode", "_zero_code", "_fista"];

    private async Task<JsonNode> Evaluate(params string[] more) => JsonNode.Parse((await Vsc.Run(["evaluate", trained.Run, "--json", .. more])).Succeeded().Output)!;

    [Fact]
    public async Task The_terms_of_every_kind_of_codes_agree_with_each_other()
    {
        var json = await Evaluate();
        double squaredNorm = Value("dictionary_squared_norm");
        Assert.True(squaredNorm > 0);
        foreach (string ending in Endings)
        {
            Assert.Equal(Value("reconstruction" + ending) + Lambda * Value("l1" + ending), Value("objective" + ending), 1e-9);
            Assert.Equal(Kappa * squaredNorm, Value("objective_table1" + ending) - Value("objective" + ending), 1e-9);
            Assert.InRange(Value("active_fraction" + ending), 0, 1);
            // The optimum is known to a relative duality gap of 1e-6.
            Assert.True(Value("objective_fista") <= Value("objective" + ending) * (1 + 1e-6), $"objective{ending} is below the optimum");
        }
        Assert.Equal((0, 0), (Value("l1_zero_code"), Value("active_fraction_zero_code")));
        Assert.True(Value("active_fraction") is > 0 and < 1);
        Assert.True(Value("objective_fista") < Value("objective_zero_code"), "the test's lambda leaves nothing to code");
        Assert.Equal(("thresholded-laplacian", "equations", 0, 18, 2, 20, Lambda),
            ((string)json["method"]!, (string)json["fidelity"]!, (int)json["seed"]!, (int)json["step"]!, (int)json["draws"]!, (int)json["validation_samples"]!, Value("lambda")));

        double Value(string name) => (double)json[name]!;
    }

    [Fact]
    public async Task The_zero_code_costs_half_the_energy_of_the_validation_samples()
    {
        using var folder = RunFolder.Open(trained.Run);
        using var data = DataSets.Open(folder.Experiment.Data, folder.Experiment.Seed);
        float[] samples = new float[data.Validation.Count * data.Validation.Dimension];
        data.Validation.CopyRows([.. Enumerable.Range(0, data.Validation.Count)], samples);
        double energy = samples.Sum(value => (double)value * value) / data.Validation.Count;
        Assert.Equal(energy / 2, (double)(await Evaluate())["objective_zero_code"]!, 1e-9);
    }

    [Fact]
    public async Task The_table_shows_the_numbers_of_the_json()
    {
        string output = (await Vsc.Run("evaluate", trained.Run)).Succeeded().Output;
        var json = await Evaluate();
        foreach (string ending in Endings) Assert.Contains(((double)json["objective" + ending]!).ToString("G4", System.Globalization.CultureInfo.InvariantCulture), output, StringComparison.Ordinal);
        Assert.Contains("as trained, best of 2", output, StringComparison.Ordinal);
        Assert.Contains("20 validation samples", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_json_has_the_documented_keys_and_a_run_is_its_own_twin()
    {
        var json = await Evaluate("--compare", trained.Run);
        string[] kinds = ["", "_j1", "_mean", "_mode", "_zero_code", "_map", "_fista"];
        string[] expected =
        [
            "method", "fidelity", "seed", "step", "draws", "validation_samples", "lambda", "default_codes",
            .. kinds.SelectMany(kind => new[] { "objective", "objective_table1", "reconstruction", "l1", "active_fraction" }.Select(name => name + kind)),
            "dictionary_squared_norm", "quality", "dictionary", "compare",
        ];
        Assert.Equal(expected.Order(), json.AsObject().Select(pair => pair.Key).Order());
        Assert.Equal(["explained_variance", "fvu", "l0", "cosine", "l2_ratio", "dead_features", "dense_features", "firing_rate_histogram"], json["quality"]!.AsObject().Select(pair => pair.Key));
        Assert.Equal(["least_norm", "mean_norm", "greatest_norm", "mean_nearest_cosine", "greatest_nearest_cosine"], json["dictionary"]!.AsObject().Select(pair => pair.Key));
        Assert.Equal(1, (double)json["compare"]!["mcc"]!, 1e-6);
        Assert.Equal(1, (double)json["compare"]!["twins_over_0.9"]!);
        int atoms = RunFolderAtoms(), alive = json["quality"]!["firing_rate_histogram"]!.AsArray().Sum(count => (int)count!);
        Assert.Equal(atoms, alive + (int)json["quality"]!["dead_features"]!);

        int RunFolderAtoms()
        {
            using var folder = RunFolder.Open(trained.Run);
            return folder.Experiment.Generator.Atoms;
        }
    }

    [Fact]
    public async Task Evaluation_repeats_itself_and_is_what_training_recorded()
    {
        var json = await Evaluate();
        Assert.True(JsonNode.DeepEquals(json, await Evaluate()));
        Assert.True(JsonNode.DeepEquals(json, JsonNode.Parse(File.ReadAllText(Path.Combine(trained.Run, "evaluation.json")))));
    }

    [Fact]
    public async Task The_best_of_more_draws_reconstructs_better()
    {
        var (two, hundred) = (await Evaluate(), await Evaluate("--draws", "100"));
        Assert.Equal(100, (int)hundred["draws"]!);
        Assert.True((double)hundred["reconstruction"]! < (double)two["reconstruction"]!);
        Assert.True((double)two["reconstruction"]! < (double)two["reconstruction_j1"]!);
        Assert.Equal((double)two["objective_j1"]!, (double)hundred["objective_j1"]!);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("10001")]
    public async Task A_number_of_draws_that_makes_no_sense_is_refused(string draws) =>
        (await Vsc.Run("evaluate", trained.Run, "--draws", draws)).Refused("draws", draws);

    [Fact]
    public async Task A_run_without_a_checkpoint_is_refused()
    {
        using var scratch = new ScratchFolder();
        string run = TrainedRun.Copy(trained.Run, scratch, "run");
        Directory.Delete(Path.Combine(run, "checkpoint"), recursive: true);
        foreach (string command in new[] { "evaluate", "report" }) (await Vsc.Run(command, run)).Refused(run, "no checkpoint yet", $"vsc resume {run}");
    }

    [Theory]
    [InlineData("evaluate")]
    [InlineData("report")]
    [InlineData("resume")]
    public async Task A_folder_without_a_run_is_refused(string command)
    {
        using var scratch = new ScratchFolder();
        (await Vsc.Run(command, scratch.File("nowhere"))).Refused("nowhere", "no such folder", "vsc train");
        (await Vsc.Run(command, scratch.Path)).Refused(scratch.Path, "holds no run", "vsc train");
        (await Vsc.Run(command, scratch.Write("file", [1]))).Refused("file");
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task Data_that_changed_since_training_is_noticed()
    {
        using var scratch = new ScratchFolder();
        string matrix = TinyData.WriteMatrix(scratch), run = scratch.File("run");
        (await Vsc.Run(TinyData.Train(matrix, run))).Succeeded();
        TinyData.WriteMatrix(scratch, seed: 2);
        foreach (string command in new[] { "evaluate", "report", "resume" }) (await Vsc.Run(command, run)).Refused(run, "was trained on other data");
        TinyData.WriteMatrix(scratch, columns: 7);
        foreach (string command in new[] { "evaluate", "report", "resume" }) (await Vsc.Run(command, run)).Refused(run, "was trained on other data");
        File.Delete(matrix);
        foreach (string command in new[] { "evaluate", "report", "resume" }) (await Vsc.Run(command, run)).Refused(matrix, "no such file");
    }
}
