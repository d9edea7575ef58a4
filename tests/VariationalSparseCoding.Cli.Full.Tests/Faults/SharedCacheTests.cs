namespace VariationalSparseCoding.Cli.Full.Tests.Faults;

/// <summary>Several processes need the same resized images at once.</summary>
[Trait("Category", "Slow")]
public sealed class SharedCacheTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    /// <summary>The words of a short run on whole images.</summary>
    public static string[] Words(string images, string run) =>
    [
        "train", "--images", images, "--image-size", "28", "--train-images", "2", "--validation-images", "1", "--epochs", "1", "--batch-size", "2", Vsc.Draws, "1", "--atoms", "3", "--threads", "1", "--output", run,
    ];

    [Fact, Trait("Fault", "B12")]
    public async Task One_process_makes_the_cache_and_the_others_wait()
    {
        const int runs = 3, images = 60;
        string folder = Directory.CreateDirectory(scratch.File("images")).FullName;
        TinyData.WriteImage(Path.Combine(folder, "0.png"), 500, 500);
        for (int i = 1; i < images; i++) File.Copy(Path.Combine(folder, "0.png"), Path.Combine(folder, $"{i}.png"));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, runs).Select(run => Vsc.Start(scratch.Path, Words(folder, $"run{run}"), ("XDG_CACHE_HOME", scratch.File("cache"))).Finish()));
        foreach (var outcome in outcomes) outcome.Succeeded();
        Assert.Single(Directory.GetFiles(scratch.File("cache/vsc")));
    }
}
