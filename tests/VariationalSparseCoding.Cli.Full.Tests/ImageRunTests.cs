using System.Text.Json.Nodes;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reproduction.Document;
using VariationalSparseCoding.Reproduction.Features;
using VariationalSparseCoding.Reproduction.Measuring;
using VariationalSparseCoding.Reproduction.Paper;
using VariationalSparseCoding.Reproduction.Results;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Full.Tests;

/// <summary>Runs with a convolutional generator, as a user types them.</summary>
[Trait("Category", "Slow")]
public sealed class ImageRunTests : IDisposable
{
    private const int Train = 12, Test = 10, Side = 28;
    private const string CacheVariable = "XDG_CACHE_HOME";
    private readonly ScratchFolder scratch = new();
    private readonly string? cacheBefore = Environment.GetEnvironmentVariable(CacheVariable);

    public ImageRunTests()
    {
        // Resized images are kept in a cache folder.
        Environment.SetEnvironmentVariable(CacheVariable, scratch.File("cache"));
        Directory.CreateDirectory(Root);
        Write("train", Train);
        Write("t10k", Test);
    }

    private string Root => scratch.File("fashion");

    private string Run => scratch.File("run");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(CacheVariable, cacheBefore);
        scratch.Dispose();
    }

    [Fact]
    public async Task A_run_is_trained_evaluated_reported_and_used()
    {
        var trained = (await Vsc.Run("train", "--data", "fashion-mnist", "--data-root", Root, "--method", "thresholded-gaussian", "--epochs", "2", "--batch-size", "6", "--draws", "2",
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

        string[] encode = ["encode", Run, Path.Combine(Root, "t10k-images-idx3-ubyte"), "--output", scratch.File("x.npz")];
        foreach (string[] words in new string[][] { ["bench", "codes", Run], [.. encode, "--refine", "2"], [.. encode, "--codes", "fista"] })
            (await Vsc.Run(words)).Refused("dictionary", "convolutional generator");
        Assert.False(File.Exists(scratch.File("x.npz")));
    }

    [Fact]
    public async Task Codes_of_the_validation_images_are_those_of_the_evaluation()
    {
        string output = (await TrainShortly(Run)).Output;
        foreach (string picture in new[] { "reconstructions.png", "traversals.png" }) Assert.Contains(Path.Combine(Run, picture), output, StringComparison.Ordinal);
        Assert.DoesNotContain("dictionary", output, StringComparison.Ordinal);
        string told = (await Vsc.Run("encode", Run, "validation-samples", "--codes", "best", "-o", scratch.File("own.npy"))).Succeeded().Output;
        (await Vsc.Run("encode", Run, Path.Combine(Root, "t10k-images-idx3-ubyte"), "--codes", "best", "-o", scratch.File("file.npy"))).Succeeded();
        Assert.Equal(File.ReadAllBytes(scratch.File("file.npy")), File.ReadAllBytes(scratch.File("own.npy")));
        var evaluation = JsonNode.Parse(File.ReadAllText(Path.Combine(Run, "evaluation.json")))!;
        Assert.Contains(FormattableString.Invariant($"{Test} codes of 4 features, {100 * (double)evaluation["active_fraction"]!:F2}% active"), told, StringComparison.Ordinal);
        Assert.Contains($"{Train} codes", (await Vsc.Run("encode", Run, "training-samples", "-o", scratch.File("training.npz"))).Succeeded().Output, StringComparison.Ordinal);

        Assert.Contains($"{Test} images", (await Vsc.Run("decode", Run, scratch.File("own.npy"), "-o", scratch.File("decoded.npy"))).Succeeded().Output, StringComparison.Ordinal);
        float[] decoded = Values(scratch.File("decoded.npy"));
        byte[] images = File.ReadAllBytes(Path.Combine(Root, "t10k-images-idx3-ubyte"))[16..];
        Assert.All(decoded, value => Assert.InRange(value, 0, 1));
        Assert.Equal((double)evaluation["squared_error"]!, decoded.Zip(images, (value, pixel) => Math.Pow(value - pixel / 255.0, 2)).Average(), 1e-6);

        // What was decoded can be encoded again: both are rows of values in [0, 1].
        (await Vsc.Run("encode", Run, scratch.File("decoded.npy"), "-o", scratch.File("again.npz"), "--codes", "mean")).Succeeded();
    }

    [Fact]
    public async Task Runs_of_images_stand_side_by_side_but_not_beside_dictionaries()
    {
        string second = scratch.File("second"), linear = scratch.File("linear"), page = scratch.File("page.html");
        await TrainShortly(Run);
        await TrainShortly(second, "--seed", "1");
        Assert.Equal([$"{Run}: evaluating", $"{second}: evaluating", page], (await Vsc.Run("report", Run, second, "-o", page)).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        string html = File.ReadAllText(page);
        foreach (string part in new[] { "Comparison", "beats mean image", "what each run makes of them" }) Assert.Contains(part, html, StringComparison.Ordinal);
        File.Delete(page);
        (await Vsc.Run(TinyData.Train(TinyData.WriteMatrix(scratch), linear))).Succeeded();
        var mixed = await Vsc.Run("report", linear, Run, "-o", page);
        mixed.Refused(Run, "convolutional generator", linear, "a report for each kind");
        Assert.Equal("", mixed.Output);
        Assert.False(File.Exists(page));

        File.Delete(Path.Combine(Run, "traversals.png"));
        Assert.Equal(Path.Combine(Run, "report.html") + "\n", (await Vsc.Run("report", Run)).Succeeded().Output);
        Assert.True(File.Exists(Path.Combine(Run, "traversals.png")));
        Assert.Contains("training is finished", (await Vsc.Run("resume", Run)).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_colour_images_trains_a_run()
    {
        string images = Directory.CreateDirectory(scratch.File("images")).FullName;
        for (int i = 0; i < 6; i++) TinyData.WriteImage(Path.Combine(images, $"{i}.png"), 64, 70, i);
        string output = (await Vsc.Run("train", "--images", images, "--image-size", "64", "--train-images", "4", "--validation-images", "2", "--epochs", "1", "--batch-size", "2", "--draws", "1",
            "--atoms", "3", "--threads", "1", "--output", Run)).Succeeded().Output;
        Assert.Contains("4 training and 2 validation images", output, StringComparison.Ordinal);
        string html = File.ReadAllText(Path.Combine(Run, "report.html"));
        Assert.Contains("the same folder as the training images", html, StringComparison.Ordinal);
        Assert.Contains("2 codes of 3 features", (await Vsc.Run("encode", Run, "validation-samples", "--codes", "best", "-o", scratch.File("codes.npz"))).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("6 codes", (await Vsc.Run("encode", Run, images, "-o", scratch.File("all.npz"))).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resumed_run_ends_as_the_uninterrupted_one()
    {
        string[] words = ["train", "--data", "fashion-mnist", "--data-root", Root, "--epochs", "3", "--batch-size", "4", "--draws", "2", "--atoms", "4", "--threads", "1", "--set", "data.flip=true"];
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
        var folder = new ReproductionFolder(output, ReproductionSchedule.Smoke);
        var run = ReproductionPlan.Runs(ReproductionPlan.Find(["figure7-fashion-mnist"]), folder.Schedule, [0], DataOptions.NaturalImages, Root).First(run => run.Variant.Name == results[0].Variant);
        Assert.Equal(RunStage.Finished, folder.StageOf(run, new(), FashionClassifier.NameOfDistance));
        Assert.Equal(RunStage.Measure, folder.StageOf(run, new(), "the distance of another network"));
        foreach (string ending in new[] { ".md", ".csv", ".json", ".png", ".svg", "-figure.csv" }) Assert.True(File.Exists(Path.Combine(output, "figure7-fashion-mnist" + ending)), ending);
        Assert.Contains("Fashion-MNIST: 8 training images", File.ReadAllText(Path.Combine(output, "index.html")), StringComparison.Ordinal);
        Assert.Equal(2, (await Vsc.Run([.. words, "--shard", "14/13"])).Code);
    }

    [Fact]
    public async Task Pictures_of_fashion_mnist_show_classes_reconstructions_and_dictionaries()
    {
        string output = scratch.File("out");
        string[] targets = ["figure8-fashion-mnist", "figure6-fashion-mnist", "figure19-fashion-mnist"];
        (await Vsc.Run(["reproduce", .. targets[..1], "--schedule", "smoke", "--seeds", "0", "--data-root", Root, "--threads", "1", "--output", output])).Succeeded();
        string[] data = File.ReadAllLines(Path.Combine(output, "figure8-fashion-mnist-figure.csv"));
        Assert.Equal(1 + 3 * 10, data.Length);
        Assert.StartsWith("fashion-mnist-gaussian-d64,T-shirt/top,", data[1], StringComparison.Ordinal);
        (await Vsc.Run(["reproduce", .. targets[1..], "--schedule", "smoke", "--seeds", "0", "--data-root", Root, "--only-measure", "--output", output])).Succeeded();
        string[] errors = File.ReadAllLines(Path.Combine(output, "figure19-fashion-mnist-figure.csv"));
        Assert.StartsWith("fashion-mnist-gaussian-d64,0,", errors[1], StringComparison.Ordinal);
        Assert.All(errors.Skip(1), line => Assert.InRange(double.Parse(line.Split(',')[2], System.Globalization.CultureInfo.InvariantCulture), 0, 1));
    }

    [Theory]
    [InlineData("train --data celeba", "data.root: it is empty")]
    [InlineData("train --data fashion-mnist --method fista", "--generator (generator.kind): method 'fista' needs a dictionary; use 'linear'")]
    [InlineData("train --data natural-images --generator convolutional", "the samples are patches of 256 values")]
    public async Task What_cannot_be_is_said_in_one_line(string words, string message)
    {
        var outcome = await Vsc.Run([.. TinyData.Words(words), "--output", Run]);
        Assert.Equal((ExitCode.BadInput, true), (outcome.Code, outcome.Error.Contains(message, StringComparison.Ordinal)));
        Assert.False(File.Exists(Path.Combine(Run, "experiment.json")));
    }

    private async Task<Outcome> TrainShortly(string run, params string[] more) =>
        (await Vsc.Run(["train", "--data", "fashion-mnist", "--data-root", Root, "--epochs", "1", "--batch-size", "6", "--draws", "2", "--atoms", "4", "--threads", "1", "--output", run, .. more])).Succeeded();

    private static float[] Values(string path)
    {
        using var matrix = NpyMatrix.Open(path);
        float[] values = new float[matrix.Rows * matrix.Columns];
        matrix.CopyRows(0, (int)matrix.Rows, values);
        return values;
    }

    private void Write(string name, int count)
    {
        var random = new System.Random(count);
        byte[] images = new byte[count * Side * Side], labels = new byte[count];
        random.NextBytes(images);
        for (int i = 0; i < count; i++) labels[i] = (byte)(i % 10);
        File.WriteAllBytes(Path.Combine(Root, $"{name}-images-idx3-ubyte"), IdxWriter.File([count, Side, Side], images));
        File.WriteAllBytes(Path.Combine(Root, $"{name}-labels-idx1-ubyte"), IdxWriter.File([count], labels));
    }
}
