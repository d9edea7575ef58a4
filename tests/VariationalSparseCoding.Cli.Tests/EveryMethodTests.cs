using System.Text.Json.Nodes;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Tests;

/// <summary>Every method of the table trains, is interrupted and resumed, evaluates, encodes, decodes and reports.</summary>
[Trait("Category", "Slow")]
public sealed class EveryMethodTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public static TheoryData<string> Methods => [.. MethodTable.All.Select(method => method.Name)];

    public void Dispose() => scratch.Dispose();

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_method_does_all_that_runs_do(string method)
    {
        string matrix = TinyData.WriteMatrix(scratch), run = scratch.File("run"), again = scratch.File("again"), codes = scratch.File("codes.npz"), decoded = scratch.File("decoded.npy");
        (await Vsc.Run(TinyData.Train(matrix, run, "--method", method))).Succeeded();

        Interrupted.Train(run, again, atStep: 9);
        (await Vsc.Run("resume", again)).Succeeded();
        Assert.Equal(TrainedRun.FinalCheckpoint(run), TrainedRun.FinalCheckpoint(again));
        Assert.Equal(File.ReadAllText(Path.Combine(run, "metrics.csv")), File.ReadAllText(Path.Combine(again, "metrics.csv")));

        var json = JsonNode.Parse((await Vsc.Run("evaluate", run, "--json")).Succeeded().Output)!.AsObject();
        Assert.Equal(method, (string)json["method"]!);
        double optimum = (double)json["objective_fista"]!;
        string[] endings = MethodTable.Find(method)!.Gate is null ? ["", "_j1", "_mean", "_mode", "_zero_code"] : ["", "_encoder", "_zero_code"];
        foreach (string ending in endings)
            Assert.True(optimum <= (double)json["objective" + ending]! * (1 + 1e-6), $"objective{ending} {json["objective" + ending]} is below the optimum {optimum}");
        // Thresholded codes are exactly sparse; Gaussian and Laplacian ones never.
        double active = (double)json["active_fraction"]!;
        if (method is "gaussian" or "laplacian") Assert.Equal(1, active);
        else Assert.InRange(active, 0, 0.999);

        (await Vsc.Run("encode", run, matrix, "-o", codes)).Succeeded();
        (await Vsc.Run("decode", run, codes, "-o", decoded)).Succeeded();
        using (var samples = NpyMatrix.Open(decoded)) Assert.Equal((TinyData.Rows, TinyData.Columns), (samples.Rows, samples.Columns));
        (await Vsc.Run("report", run, again, "-o", scratch.File("page.html"))).Succeeded();
    }

    [Theory]
    [InlineData("thresholded-laplacian", "--selection average")]
    [InlineData("thresholded-laplacian-gamma", "--fidelity published")]
    [InlineData("spike-and-slab", "--fidelity published")]
    [InlineData("thresholded-laplacian", "--selection iwae --fidelity published")]
    [InlineData("thresholded-laplacian", "--set posterior.estimator=subgradient")]
    [InlineData("thresholded-gaussian", "--set posterior.estimator=subgradient --fidelity published")]
    [InlineData("laplacian", "--raw --set schedule.learningRate=1e-4")]
    [InlineData("fista", "--raw --fidelity published")]
    public async Task Another_choice_is_resumed_bit_for_bit(string method, string words)
    {
        string matrix = TinyData.WriteMatrix(scratch), run = scratch.File("run"), again = scratch.File("again");
        // Raw, these samples are noted to be large, when the run begins.
        Assert.Equal(ExitCode.Done, (await Vsc.Run([.. TinyData.Train(matrix, run, "--method", method), .. TinyData.Words(words)])).Code);
        Interrupted.Train(run, again, atStep: 13);
        (await Vsc.Run("resume", again)).Succeeded();
        Assert.Equal(TrainedRun.FinalCheckpoint(run), TrainedRun.FinalCheckpoint(again));
    }
}
