using System.Diagnostics;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Cli.Tests;

/// <summary>Signals and kills at any moment: the final checkpoint is that of the uninterrupted run.</summary>
[Trait("Category", "Slow")]
public sealed class InterruptionTests(InterruptionTests.UninterruptedRun uninterrupted) : IClassFixture<InterruptionTests.UninterruptedRun>, IDisposable
{
    private const int MostKills = 4;
    private readonly ScratchFolder scratch = new();

    private string Run => scratch.File("run");

    public void Dispose() => scratch.Dispose();

    /// <summary>
    /// The run that all others must end as. Checkpoints are at least a second apart, so that it must take several,
    /// however fast the machine: it is made again with twice the epochs until it does.
    /// </summary>
    public sealed class UninterruptedRun : IAsyncLifetime
    {
        private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(3);

        private readonly ScratchFolder scratch = new();
        private int epochs = 80;

        public string Folder => scratch.File($"run-{epochs}");

        public async ValueTask InitializeAsync()
        {
            TinyData.WriteMatrix(scratch, rows: 600, columns: 64);
            long began;
            do
            {
                epochs *= 2;
                began = Stopwatch.GetTimestamp();
                (await Vsc.Run(Words(Folder))).Succeeded();
            }
            while (Stopwatch.GetElapsedTime(began) < LeastTime);
        }

        public string[] Words(string run) => TinyData.Train(scratch.File("matrix.npy"), run, "--set", "data.trainSamples=500", "--set", $"schedule.epochs={epochs}",
            "--set", "generator.atoms=64", "--set", "sampling.draws=40", "--set", "schedule.learningRate=1e-4", "--set", "schedule.dictionaryStep=0.05");

        public ValueTask DisposeAsync()
        {
            scratch.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    [LinuxFact]
    public async Task Ctrl_C_and_SIGTERM_save_the_state_and_exit_with_130()
    {
        var process = Start(uninterrupted.Words(Run));
        foreach (string signal in new[] { "INT", "TERM" })
        {
            // Output says when training has begun.
            while (await process.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("epoch", StringComparison.Ordinal)) { }
            process.Signal(signal);
            var outcome = await process.Finish();
            outcome.Failed(ExitCode.Interrupted, "interrupted");
            Assert.Contains($"interrupted and saved; continue with 'vsc resume {Run}'", outcome.Output, StringComparison.Ordinal);
            using (var folder = RunFolder.Open(Run)) Assert.False(TrainingRun.IsFinished(folder), "the run was too short to be interrupted");
            process = Start("resume", Run);
        }
        (await process.Finish()).Succeeded();
        RequireSameRun();

        // Tests that run in the background of a shell inherit that Ctrl-C is ignored.
        Process Start(params string[] words) => Vsc.Start("env", scratch.Path, ["--default-signal=INT", "dotnet", Vsc.Program, .. words]);
    }

    [LinuxFact]
    public async Task A_run_killed_again_and_again_ends_as_the_uninterrupted_one()
    {
        var random = new System.Random(747);
        int resumed = 0;
        for (int kill = 0; kill < MostKills; kill++)
        {
            using var process = Vsc.Start(scratch.Path, File.Exists(Path.Combine(Run, "experiment.json")) ? ["resume", Run] : uninterrupted.Words(Run));
            // The first kills fall into the first second; later ones wait for a checkpoint of the process's own.
            string[] before = Checkpoints();
            while (kill >= 2 && !process.HasExited && Checkpoints().All(before.Contains)) await Task.Delay(5);
            await Task.Delay(random.Next(kill < 2 ? 1000 : 200));
            process.Kill();
            await process.WaitForExitAsync();
            if (Checkpoints().Length == 0) continue;
            using var folder = RunFolder.Open(Run);
            if (TrainingRun.IsFinished(folder)) break;
            resumed++;
        }
        Assert.True(resumed > 0, "no kill fell between the first checkpoint and the last");
        (await Vsc.Run("resume", Run)).Succeeded();
        RequireSameRun();

        string[] Checkpoints() => Directory.Exists(Path.Combine(Run, "checkpoint")) ? Directory.GetFiles(Path.Combine(Run, "checkpoint"), "*.safetensors") : [];
    }

    [LinuxFact]
    public async Task A_full_disk_ends_the_run_with_its_cause_and_the_run_can_go_on()
    {
        // A limit on the size of files stands for a full disk; the runtime's own doubly mapped memory must not count.
        const int kilobytes = 64;
        string command = $"trap '' XFSZ; ulimit -f {kilobytes}; exec dotnet {Vsc.Program} {string.Join(' ', uninterrupted.Words(Run))}";
        var outcome = await Vsc.Start("bash", scratch.Path, ["-c", command], ("DOTNET_EnableWriteXorExecute", "0")).Finish();
        outcome.Failed(ExitCode.Failed, Path.Combine(Run, "checkpoint"));
        Assert.Empty(TrainedRun.TemporaryFiles(Run));
        (await Vsc.Run("resume", Run)).Succeeded();
        RequireSameRun();
    }

    private void RequireSameRun()
    {
        Assert.Equal(TrainedRun.FinalCheckpoint(uninterrupted.Folder), TrainedRun.FinalCheckpoint(Run));
        foreach (string file in new[] { "metrics.csv", "evaluation.json" })
            Assert.Equal(File.ReadAllText(Path.Combine(uninterrupted.Folder, file)), File.ReadAllText(Path.Combine(Run, file)));
        Assert.Empty(TrainedRun.TemporaryFiles(Run));
    }
}
