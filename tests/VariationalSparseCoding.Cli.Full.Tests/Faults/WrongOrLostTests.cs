using System.Text.Json.Nodes;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Cli.Full.Tests.Faults;

/// <summary>What was wrong or lost without a word, where it takes the larger program to see it. Faults of version 0.1; the trait is the fault's number in docs/limits.md.</summary>
[Collection(TrainedRunTests.Name)]
[Trait("Category", "Slow")]
public sealed class WrongOrLostTests(TrainedRun trained) : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact, Trait("Fault", "A4")]
    public async Task An_output_never_replaces_a_file_of_any_run()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run"), results = Directory.CreateDirectory(scratch.File("results")).FullName;
        byte[][] before = Content(run);
        foreach (string name in new[] { "experiment.json", "evaluation.json" })
            (await Vsc.Run("synthetic", "--set", "easy", "--methods", "fista", "--epochs", "1", "-o", Path.Combine(run, name))).Refused(name, "would be replaced");
        (await Vsc.Run("bench", "codes", run, "--rounds", "1", "--steps", "1", "-o", Path.Combine(run, "checkpoint"))).Refused("checkpoint", "would be replaced");
        (await Vsc.Run("reproduce", "report", "--results", results, "-o", Path.Combine(run, "checkpoint", "page.md"))).Refused("page.md", "would be replaced");
        (await Vsc.Run("data", "natural-images", "-o", Path.Combine(run, "tensorboard"))).Refused("tensorboard", "would be replaced");
        Assert.Equal(before, Content(run));
    }

    [LinuxFact, Trait("Fault", "A5")]
    public async Task Links_to_images_are_as_new_as_the_images()
    {
        string links = Directory.CreateDirectory(scratch.File("links")).FullName, targets = Directory.CreateDirectory(scratch.File("targets")).FullName;
        foreach (string name in new[] { "a.png", "b.png", "c.png" })
        {
            TinyData.WriteImage(Path.Combine(targets, name), 40, 40);
            File.CreateSymbolicLink(Path.Combine(links, name), Path.Combine(targets, name));
        }
        byte[] first = await Checkpoint("first");
        Assert.Equal(first, await Checkpoint("again"));
        foreach (string name in new[] { "a.png", "b.png", "c.png" }) TinyData.WriteImage(Path.Combine(targets, name), 40, 40, seed: 2);
        Assert.NotEqual(first, await Checkpoint("changed"));
        File.Delete(Path.Combine(targets, "a.png"));
        (await Train("deleted")).Refused("a.png");

        Task<Outcome> Train(string run) => Vsc.Start(scratch.Path, SharedCacheTests.Words(links, run), ("XDG_CACHE_HOME", scratch.File("cache"))).Finish();

        async Task<byte[]> Checkpoint(string run)
        {
            (await Train(run)).Succeeded();
            using var folder = RunFolder.Open(scratch.File(run));
            var (tensors, _) = Serialization.Safetensors.Read(folder.NewestCheckpoint!);
            return [.. tensors.Values.OrderBy(tensor => tensor.Name, StringComparer.Ordinal).SelectMany(tensor => tensor.Read().ToArray())];
        }
    }

    [Fact, Trait("Fault", "A10")]
    public async Task A_result_in_another_precision_is_another_result()
    {
        string output = scratch.File("out"), picture = scratch.File("image.png");
        TinyData.WriteImage(picture, 40, 40);
        string[] words = ["reproduce", "figure18", "--schedule", "smoke", "--seeds", "0", "--images", picture, "--snr-passes", "3", "--threads", "1", "--output", output];
        (await Vsc.Run(words)).Succeeded();
        string result = Directory.GetFiles(Path.Combine(output, "results", "smoke")).Order(StringComparer.Ordinal).First();
        var content = JsonNode.Parse(File.ReadAllText(result))!;
        content["experiment"]!["compute"]!["precision"] = "bf16";
        File.WriteAllText(result, content.ToJsonString());
        (await Vsc.Run(words)).Refused(result, "compute.precision = bf16");
    }

    private static byte[][] Content(string run) => [.. Directory.GetFiles(run, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
}
