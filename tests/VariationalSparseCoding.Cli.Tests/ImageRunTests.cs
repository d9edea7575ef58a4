using System.Text.Json.Nodes;
using VariationalSparseCoding.Reproduction;

namespace VariationalSparseCoding.Cli.Tests;

/// <summary>Runs with a convolutional generator, as a user types them.</summary>
public sealed class ImageRunTests : IDisposable
{
    private const int Train = 12, Test = 10, Side = 28;
    private readonly ScratchFolder scratch = new();

    public ImageRunTests()
    {
        Directory.CreateDirectory(Root);
        Write("train", Train);
        Write("t10k", Test);
    }

    private string Root => scratch.File("fashion");

    private string Run => scratch.File("run");

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task A_run_is_trained_evaluated_reported_and_used()
    {
        var trained = (await Vsc.Run("train", "--data", "fashion-mnist", "--data-root", Root, "--method", "thresholded-gaussian", "--epochs", "2", "--batch-size", "6", "--samples", "2",
            "--atoms", "5", "--threads", "1", "--output", Run)).Succeeded();
        Assert.Contains("12 training and 10 validation images of fashion-mnist, 5 latent features", trained.Output, StringComparison.Ordinal);
        foreach (string file in new[] { "report.html", "reconstructions.png", "traversals.png", "evaluation.json", "metrics.csv" }) Assert.True(File.Exists(Path.Combine(Run, file)), file);
        Assert.Contains("Latent traversals", File.ReadAllText(Path.Combine(Run, "report.html")), StringComparison.Ordinal);

        var evaluated = JsonNode.Parse((await Vsc.Run("evaluate", Run, "--json")).Succeeded().Output)!.AsObject();
        Assert.True(JsonNode.DeepEquals(evaluated, JsonNode.Parse(File.ReadAllText(Path.Combine(Run, "evaluation.json")))));
        Assert.InRange((double)evaluated["squared_error"]!, 0, 1);

        (await Vsc.Run("encode", Run, Path.Combine(Root, "t10k-images-idx3-ubyte"), "--output", scratch.File("codes.npz"))).Succeeded();
        (await Vsc.Run("decode", Run, scratch.File("codes.npz"), "--output", scratch.File("images.npy"))).Succeeded();
        Assert.Equal(Test * Side * Side * sizeof(float), new FileInfo(scratch.File("images.npy")).Length - 128);

        foreach (string[] words in new string[][] { ["bench", "codes", Run], ["report", Run, Run], ["encode", Run, Path.Combine(Root, "t10k-images-idx3-ubyte"), "--output", scratch.File("x.npz"), "--refine", "2"] })
            (await Vsc.Run(words)).Refused("convolutional generator");
    }

    [Fact]
    public async Task A_resumed_run_ends_as_the_uninterrupted_one()
    {
        string[] words = ["train", "--data", "fashion-mnist", "--data-root", Root, "--epochs", "3", "--batch-size", "4", "--samples", "2", "--atoms", "4", "--threads", "1", "--set", "data.flip=true"];
        (await Vsc.Run([.. words, "--output", Run])).Succeeded();
        string newest = Directory.GetFiles(Path.Combine(Run, "checkpoint")).Order().Last(), other = scratch.File("other");
        byte[] expected = File.ReadAllBytes(newest);
        Directory.CreateDirectory(other);
        File.Copy(Path.Combine(Run, "experiment.json"), Path.Combine(other, "experiment.json"));
        (await Vsc.Run("resume", other)).Succeeded();
        Assert.Equal(expected, File.ReadAllBytes(Directory.GetFiles(Path.Combine(other, "checkpoint")).Order().Last()));
    }

    [Fact]
    public async Task Figures_of_fashion_mnist_are_made_in_shares()
    {
        string output = scratch.File("out");
        string[] words = ["reproduce", "figure7-fashion-mnist", "--schedule", "smoke", "--seeds", "0", "--data-root", Root, "--threads", "1", "--output", output];
        (await Vsc.Run([.. words, "--shard", "2/13"])).Succeeded();
        var results = RunResult.ReadAll(Path.Combine(output, "results"));
        Assert.Equal(3, results.Count);
        Assert.All(results, result => Assert.True(double.IsFinite(result[MetricNames.SquaredError + MetricNames.BestOf20] + result[MetricNames.Frechet] + result[MetricNames.PosteriorCollapse])));
        (await Vsc.Run([.. words, "--only-measure"])).Succeeded();
        foreach (string ending in new[] { ".md", ".csv", ".json", ".png", ".svg", "-figure.csv" }) Assert.True(File.Exists(Path.Combine(output, "figure7-fashion-mnist" + ending)), ending);
        Assert.Contains("Fashion-MNIST: 8 training images", File.ReadAllText(Path.Combine(output, "index.html")), StringComparison.Ordinal);
        Assert.Equal(2, (await Vsc.Run([.. words, "--shard", "14/13"])).Code);
    }

    [Theory]
    [InlineData("train --data celeba", "data.root: it is empty")]
    [InlineData("train --data fashion-mnist --method fista", "generator.kind: method 'fista' needs a dictionary; use 'linear'")]
    [InlineData("train --data natural-images --generator convolutional", "the samples are patches of 256 values")]
    public async Task What_cannot_be_is_said_in_one_line(string words, string message)
    {
        var outcome = await Vsc.Run([.. TinyData.Words(words), "--output", Run]);
        Assert.Equal((ExitCode.BadInput, true), (outcome.Code, outcome.Error.Contains(message, StringComparison.Ordinal)));
        Assert.False(File.Exists(Path.Combine(Run, "experiment.json")));
    }

    private void Write(string name, int count)
    {
        var random = new Random(count);
        byte[] images = new byte[count * Side * Side], labels = new byte[count];
        random.NextBytes(images);
        for (int i = 0; i < count; i++) labels[i] = (byte)(i % 10);
        File.WriteAllBytes(Path.Combine(Root, $"{name}-images-idx3-ubyte"), IdxWriter.File([count, Side, Side], images));
        File.WriteAllBytes(Path.Combine(Root, $"{name}-labels-idx1-ubyte"), IdxWriter.File([count], labels));
    }
}
