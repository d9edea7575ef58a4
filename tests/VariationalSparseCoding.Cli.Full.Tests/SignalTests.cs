using System.Diagnostics;

namespace VariationalSparseCoding.Cli.Full.Tests;

/// <summary>A signal at any moment ends any command within two seconds.</summary>
[Trait("Category", "Slow")]
public sealed class SignalTests : IDisposable
{
    private const int LongestWait = 3000;
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("train --threads 1")]
    [InlineData("train --data MATRIX --method fista --epochs 100000 --threads 1")]
    [InlineData("resume RUN --epochs 1000000")]
    [InlineData("evaluate RUN --draws 10000")]
    [InlineData("encode RUN training-samples --draws 10000 -o codes.npy")]
    [InlineData("report RUN")]
    [InlineData("synthetic --epochs 100000")]
    [InlineData("reproduce table1 --schedule compact --threads 1")]
    [InlineData("bench step --steps 1000000 --threads 1")]
    [InlineData("bench deep-step --steps 1000000 --threads 1")]
    [InlineData("bench codes RUN --rounds 1000000")]
    public async Task Every_command_ends_within_two_seconds_of_a_signal(string line)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs the signals of Linux");
        var random = new System.Random(line.Length);
        string matrix = TinyData.WriteMatrix(scratch), run = scratch.File("run");
        (await Vsc.Run(TinyData.Train(matrix, run))).Succeeded();
        string[] words = [.. TinyData.Words(line).Select(word => word switch { "RUN" => run, "MATRIX" => matrix, _ => word })];
        foreach (string signal in new[] { "INT", "TERM" })
        {
            // Tests that run in the background of a shell inherit that Ctrl-C is ignored.
            using var process = Vsc.Start("env", scratch.Path, ["--default-signal=INT", "dotnet", Vsc.Program, .. words]);
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            // Before the program listens, the runtime itself ends it.
            await Task.Delay(700 + random.Next(LongestWait));
            bool hadEnded = process.HasExited;
            process.Signal(signal);
            long sent = Stopwatch.GetTimestamp();
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
            var time = Stopwatch.GetElapsedTime(sent);
            await Task.WhenAll(output, error);
            if (hadEnded) continue;
            Assert.True(time < Promised, $"{line}: ended {time} after SIG{signal}");
            // A command may have ended by itself in the same moment.
            Assert.Contains(process.ExitCode, new[] { ExitCode.Interrupted, ExitCode.Done, 128 + 15 });
        }
    }
}
