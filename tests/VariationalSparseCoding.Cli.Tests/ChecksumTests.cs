namespace VariationalSparseCoding.Cli.Tests;

/// <summary>Files of version 0.1 carry no checksum: they are used, and a line says so.</summary>
[Collection(TrainedRunTests.Name)]
[Trait("Category", "Slow")]
public sealed class ChecksumTests(TrainedRun trained) : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task A_checkpoint_without_a_checksum_is_used_with_a_note()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run");
        foreach (string file in Directory.GetFiles(Path.Combine(run, "checkpoint")))
        {
            byte[] bytes = File.ReadAllBytes(file);
            "\"anything\":\"abcdef:"u8.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf("\"checksum\":\"crc32c:"u8)));
            File.WriteAllBytes(file, bytes);
        }
        foreach (string[] words in new string[][] { ["encode", run, trained.Matrix, "-o", scratch.File("codes.npy")], ["decode", run, scratch.File("codes.npy"), "-o", scratch.File("x.npy")], ["evaluate", run], ["report", run], ["resume", run] })
        {
            var outcome = await Vsc.Run(words);
            Assert.Equal(ExitCode.Done, outcome.Code);
            string line = Assert.Single(outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Contains(Path.Combine(run, "checkpoint"), line, StringComparison.Ordinal);
            Assert.Contains("carries no checksum", line, StringComparison.Ordinal);
        }
    }
}
