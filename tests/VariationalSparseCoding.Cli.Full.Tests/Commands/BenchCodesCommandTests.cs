using System.Text.Json.Nodes;

namespace VariationalSparseCoding.Cli.Full.Tests.Commands;

[Collection(TrainedRunTests.Name)]
public class BenchCodesCommandTests(TrainedRun trained)
{
    private string[] Bench(params string[] more) => ["bench", "codes", trained.Run, "--rounds", "1", "--threads", "1", .. more];

    [Fact]
    public async Task The_table_names_every_way_and_says_what_was_measured()
    {
        string output = (await Vsc.Run(Bench("--steps", "0,2", "--draws", "4"))).Succeeded().Output;
        foreach (string part in new[] { "one draw", "best of 4 draws", "posterior mean", "posterior mode", "FISTA from zero", "coordinate descent from zero", "active set, converged", "all-zero code", "20 validation samples", "0.2||z||_1" })
            Assert.Contains(part, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_printed_and_files_are_written()
    {
        using var scratch = new ScratchFolder();
        string folder = scratch.File("deep/codes");
        var json = JsonNode.Parse((await Vsc.Run(Bench("--json", "--steps", "1", "--batch-size", "6", "-o", folder))).Succeeded().Output)!;
        Assert.Equal((20, 2, 6, 1, 1, 0.2), ((int)json["validation_samples"]!, (int)json["draws"]!, (int)json["batch_size"]!, (int)json["threads"]!, (int)json["rounds"]!, (double)json["lambda"]!));
        Assert.Equal(["codes.csv", "codes.json", "codes.png"], Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!).Order());
        Assert.True(JsonNode.DeepEquals(json, JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "codes.json")))));
    }

    [Theory]
    [InlineData("--steps few", "--steps few")]
    [InlineData("--steps 1,,2", "--steps 1,,2")]
    [InlineData("--steps -1", "--steps -1")]
    [InlineData("--steps 10001", "10000")]
    [InlineData("--rounds 0", "rounds")]
    [InlineData("--batch-size 0", "batch size")]
    [InlineData("--draws 0", "draws")]
    public async Task A_bad_number_is_refused_in_one_line(string words, string part) => (await Vsc.Run(["bench", "codes", trained.Run, .. TinyData.Words(words)])).Refused(part);

    [Fact]
    public async Task A_folder_without_a_run_is_refused() => (await Vsc.Run("bench", "codes", trained.Scratch.File("nowhere"))).Refused("nowhere", "no such folder");
}
