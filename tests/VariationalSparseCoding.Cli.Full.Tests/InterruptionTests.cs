using System.Diagnostics;

namespace VariationalSparseCoding.Cli.Full.Tests;

/// <summary>Signals end every command soon, even one that computes without looking.</summary>
[Trait("Category", "Slow")]
public sealed class InterruptionTests : IDisposable
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2), Beginning = TimeSpan.FromSeconds(5);
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [LinuxFact]
    public async Task A_benchmark_of_minutes_ends_within_two_seconds_of_a_signal()
    {
        var process = Vsc.Start(scratch.Path, ["bench", "step", "--steps", "10000000", "--threads", "1"]);
        // By then it computes: no thread can start while a library is being loaded, not even that of the signal.
        while (!process.HasExited && process.TotalProcessorTime < Beginning) await Task.Delay(20);
        process.Signal("TERM");
        long sent = Stopwatch.GetTimestamp();
        var outcome = await process.Finish();
        Assert.InRange(Stopwatch.GetElapsedTime(sent), TimeSpan.Zero, Promised);
        outcome.Failed(ExitCode.Interrupted, "interrupted");
    }
}
