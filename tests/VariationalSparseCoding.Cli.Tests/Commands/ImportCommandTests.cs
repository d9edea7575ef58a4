using System.Text.Json.Nodes;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Tests.Commands;

/// <summary>import and export, and runs that were imported.</summary>
[Collection(TrainedRunTests.Name)]
public sealed class ImportCommandTests(TrainedRun trained) : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("saelens", "sae_weights.safetensors and cfg.json: SAELens 'topk'")]
    [InlineData("safetensors", "dictionary.safetensors: 'topk'")]
    [InlineData("npz", "dictionary.npz: 'topk'")]
    public async Task A_run_comes_back_from_its_export_with_the_same_codes(string format, string said)
    {
        string run = scratch.File("run"), exported = scratch.File("exported"), again = scratch.File("again");
        (await Vsc.Run(TinyData.Train(trained.Matrix, run, "--method", "topk", "--active", "2", "--raw"))).Done();
        Assert.Contains($"{exported}: {said} of 8 features in 6 values", (await Vsc.Run("export", run, "-o", exported, "--format", format)).Succeeded().Output, StringComparison.Ordinal);
        Assert.StartsWith($"{again}: TopK autoencoder with k = 2 of 8 features in 6 values, from ", (await Vsc.Run("import", exported, "-o", again)).Succeeded().Output, StringComparison.Ordinal);
        foreach (string one in new[] { run, again })
        {
            (await Vsc.Run("encode", one, trained.Matrix, "-o", one + ".npy")).Succeeded();
            (await Vsc.Run("decode", one, one + ".npy", "-o", one + ".x.npy")).Succeeded();
        }
        Assert.Equal(TinyData.Read(run + ".npy"), TinyData.Read(again + ".npy"));
        Assert.Equal(TinyData.Read(run + ".x.npy"), TinyData.Read(again + ".x.npy"));
        Assert.Contains("twin", (await Vsc.Run("evaluate", again, "--data", trained.Matrix, "--compare", run)).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_imported_run_is_measured_on_data_that_is_named()
    {
        string run = Import();
        foreach (string command in new[] { "evaluate", "report", "resume" })
            (await Vsc.Run(command, run)).Failed(ExitCode.BadInput, "was imported", "give them with --data");
        var json = JsonNode.Parse((await Vsc.Run("evaluate", run, "--data", trained.Matrix, "--json")).Succeeded().Output)!;
        Assert.Equal((TinyData.Rows, "fista", 0.3), ((int)json["validation_samples"]!, (string)json["method"]!, (double)json["lambda"]!));
        Assert.Equal(7, (int)JsonNode.Parse((await Vsc.Run("evaluate", run, "--data", trained.Matrix, "--rows", "7", "--json")).Succeeded().Output)!["validation_samples"]!);
        string page = scratch.File("page.html");
        (await Vsc.Run("report", run, "--data", trained.Matrix, "-o", page)).Succeeded();
        Assert.Contains("imported from", await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        (await Vsc.Run("evaluate", run, "--data", scratch.File("nowhere.npy"))).Refused("nowhere.npy");
        (await Vsc.Run("evaluate", run, "--rows", "7")).Refused("--data");
        (await Vsc.Run("evaluate", run, "--data", trained.Matrix, "--rows", "0")).Refused("--rows 0");
    }

    /// <summary>Other data than a run's own is normalised as the run's is.</summary>
    [Fact]
    public async Task A_run_of_ours_is_measured_on_other_data_too()
    {
        string own = (await Vsc.Run("evaluate", trained.Run, "--json")).Succeeded().Output, other = (await Vsc.Run("evaluate", trained.Run, "--data", trained.Matrix, "--json")).Succeeded().Output;
        Assert.Equal((20, TinyData.Rows), ((int)JsonNode.Parse(own)!["validation_samples"]!, (int)JsonNode.Parse(other)!["validation_samples"]!));
        // The whole matrix is what its columns were standardised by.
        Assert.Equal(TinyData.Columns / 2.0, (double)JsonNode.Parse(other)!["objective_zero_code"]!, 1e-4);
    }

    [Fact]
    public async Task What_cannot_be_imported_is_refused_and_leaves_nothing()
    {
        string run = scratch.File("new"), evil = scratch.Write("ae.pt", "\x80\u0002"u8.ToArray());
        (await Vsc.Run("import", evil, "-o", run)).Refused("ae.pt", "not a file of torch.save");
        (await Vsc.Run("import", trained.Run, "-o", run)).Refused(trained.Run, "holds a run");
        (await Vsc.Run("import", scratch.File("nowhere"), "-o", run)).Refused("nowhere", "no such file");
        (await Vsc.Run("import", trained.Matrix, "-o", run, "--format", "onnx")).Refused("onnx", "saelens");
        (await Vsc.Run("import", trained.Matrix, "-o", run, "--lambda", "-1")).Refused("lambda");
        Assert.False(Path.Exists(run));
        (await Vsc.Run("import", trained.Matrix, "-o", trained.Run)).Refused(trained.Run, "already holds a finished run");
    }

    [Fact]
    public async Task An_export_replaces_nothing_and_says_what_does_not_fit()
    {
        string folder = scratch.File("out");
        Assert.Contains("the dictionary alone", (await Vsc.Run("export", trained.Run, "-o", folder)).Succeeded().Output, StringComparison.Ordinal);
        (await Vsc.Run("export", trained.Run, "-o", folder)).Refused("cfg.json", "is there already");
        (await Vsc.Run("export", trained.Run, "-o", trained.Run)).Refused(trained.Run, "the folder of a run");
        (await Vsc.Run("export", trained.Run, "-o", Path.Combine(trained.Run, "checkpoint"))).Refused("belongs to the run");
        (await Vsc.Run("export", trained.Run, "-o", scratch.File("b"), "--format", "onnx")).Refused("onnx", "saelens, safetensors, npz");
        (await Vsc.Run("export", trained.Run, "-o", trained.Matrix)).Refused("is a file");
        Assert.Empty(TrainedRun.TemporaryFiles(scratch.Path));
    }

    /// <summary>A matrix of twelve atoms for the rows of the trained run's matrix.</summary>
    private string Import()
    {
        float[] atoms = [.. Enumerable.Range(0, 12 * TinyData.Columns).Select(i => MathF.Sin(i * i))];
        Npy.Write<float>(scratch.File("atoms.npy"), atoms, TinyData.Columns);
        string run = scratch.File("imported");
        var outcome = Vsc.Run("import", scratch.File("atoms.npy"), "-o", run, "--lambda", "0.3").GetAwaiter().GetResult();
        Assert.True(outcome.Code == ExitCode.Done && outcome.Error.Contains("its 12 rows are taken for the atoms", StringComparison.Ordinal), outcome.Error);
        return run;
    }
}
