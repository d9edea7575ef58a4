using System.Diagnostics;

namespace VariationalSparseCoding.Cli.Full.Tests;

/// <summary>Signals end every command soon, even one that computes without looking.</summary>
public sealed class InterruptionTests : IDisposable
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [LinuxFact]
    public async Task A_benchmark_of_minutes_ends_within_two_seconds_of_a_signal()
    {
        var process = Vsc.Start(scratch.Path, ["bench", "step", "--steps", "10000000", "--threads", "1"]);
        // Signals are listened to before the tensor library is loaded.
        while (!process.HasExited && !File.ReadAllText($"/proc/{process.Id}/maps").Contains("libtorch", StringComparison.Ordinal)) await Task.Delay(20);
        process.Signal("TERM");
        long sent = Stopwatch.GetTimestamp();
        var outcome = await process.Finish();
        Assert.InRange(Stopwatch.GetElapsedTime(sent), TimeSpan.Zero, Promised);
        outcome.Failed(ExitCode.Interrupted, "interrupted");
    }
}
