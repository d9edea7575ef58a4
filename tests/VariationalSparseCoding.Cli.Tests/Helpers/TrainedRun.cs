using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Tests.Helpers;

/// <summary>A finished run on a matrix, shared by tests that read it.</summary>
public sealed class TrainedRun : IAsyncLifetime
{
    private readonly ScratchFolder scratch = new();

    internal ScratchFolder Scratch => scratch;

    public string Matrix { get; private set; } = "";

    public string Run => scratch.File("run");

    public string Output { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Matrix = TinyData.WriteMatrix(scratch);
        Output = (await Vsc.Run(TinyData.Train(Matrix, Run))).Succeeded().Output;
    }

    public ValueTask DisposeAsync()
    {
        scratch.Dispose();
        return ValueTask.CompletedTask;
    }

    public static byte[] FinalCheckpoint(string run)
    {
        using var folder = RunFolder.Open(run);
        Assert.True(TrainingRun.IsFinished(folder), $"{run} is not finished");
        return File.ReadAllBytes(folder.NewestCheckpoint!);
    }

    /// <summary>A copy of the run's folder that a test may spoil.</summary>
    internal static string Copy(string run, ScratchFolder to, string name)
    {
        string copy = to.File(name);
        foreach (string file in Directory.EnumerateFiles(run, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(run, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return copy;
    }

    public static string[] TemporaryFiles(string folder) => [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(AtomicFile.IsTemporary)];
}

[CollectionDefinition(Name)]
public sealed class TrainedRunTests : ICollectionFixture<TrainedRun>
{
    public const string Name = "a trained run";
}
