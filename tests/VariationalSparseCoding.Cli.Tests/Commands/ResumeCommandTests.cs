namespace VariationalSparseCoding.Cli.Tests.Commands;

[Collection(TrainedRunTests.Name)]
[Trait("Category", "Slow")]
public class ResumeCommandTests(TrainedRun trained) : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose()
    {
        scratch.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_finished_run_is_only_evaluated_again()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run");
        File.Delete(Path.Combine(run, "evaluation.json"));
        File.Delete(Path.Combine(run, "report.html"));
        string output = (await Vsc.Run("resume", run)).Succeeded().Output;
        Assert.Contains("training is finished", output, StringComparison.Ordinal);
        Assert.DoesNotContain("epoch 1 ", output, StringComparison.Ordinal);
        Assert.Equal(TrainedRun.FinalCheckpoint(trained.Run), TrainedRun.FinalCheckpoint(run));
        foreach (string file in new[] { "evaluation.json", "metrics.csv" })
            Assert.Equal(File.ReadAllText(Path.Combine(trained.Run, file)), File.ReadAllText(Path.Combine(run, file)));
        Assert.True(File.Exists(Path.Combine(run, "report.html")));
    }

    [Fact]
    public async Task Where_nothing_was_saved_the_run_starts_over_with_the_same_result()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run");
        Directory.Delete(Path.Combine(run, "checkpoint"), recursive: true);
        // What a killed process may leave.
        File.WriteAllText(Path.Combine(run, ".metrics.csv.abcd0123.vsc-partial"), "epo");
        string output = (await Vsc.Run("resume", run)).Succeeded().Output;
        Assert.Contains("nothing was saved yet; starting over", output, StringComparison.Ordinal);
        Assert.Equal(TrainedRun.FinalCheckpoint(trained.Run), TrainedRun.FinalCheckpoint(run));
        Assert.Equal(File.ReadAllText(Path.Combine(trained.Run, "metrics.csv")), File.ReadAllText(Path.Combine(run, "metrics.csv")));
        Assert.Empty(TrainedRun.TemporaryFiles(run));
    }

    [Fact]
    public async Task What_was_killed_before_the_experiment_was_written_can_be_started_again()
    {
        string run = Directory.CreateDirectory(scratch.File("run")).FullName;
        File.WriteAllText(Path.Combine(run, ".lock"), "");
        File.WriteAllText(Path.Combine(run, ".experiment.json.abcd0123.vsc-partial"), "{");
        (await Vsc.Run("resume", run)).Refused(run, "nothing was saved", $"vsc train --output {run}");
        (await Vsc.Run(TinyData.Train(trained.Matrix, run))).Succeeded();
        Assert.Equal(TrainedRun.FinalCheckpoint(trained.Run), TrainedRun.FinalCheckpoint(run));
        Assert.Empty(TrainedRun.TemporaryFiles(run));
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_named_and_the_run_goes_on_from_an_earlier_one()
    {
        byte[] whole = TrainedRun.FinalCheckpoint(trained.Run);
        int trial = 0;
        foreach (byte[] bytes in new byte[][] { [], whole[..100], whole[..^1], new byte[whole.Length] })
        {
            string run = scratch.File($"run-{trial++}"), damaged = Path.Combine(run, "checkpoint", "step-000000011.safetensors");
            Interrupted.Train(trained.Run, run, atStep: 7);
            File.WriteAllBytes(damaged, bytes);
            var outcome = await Vsc.Run("resume", run);
            Assert.Equal(ExitCode.Done, outcome.Code);
            Assert.StartsWith($"vsc: {damaged}: ", outcome.Error, StringComparison.Ordinal);
            Assert.Equal(whole, TrainedRun.FinalCheckpoint(run));
        }
    }

    [Theory]
    [InlineData("\"learningRate\": 0.01", "\"learningRate\": 0.02", "schedule.learningRate = 0.01, not 0.02")]
    [InlineData("\"seed\": 0", "\"seed\": 1", "seed = 0, not 1")]
    [InlineData("\"epochs\": 3", "\"epochs\": 4", "schedule.epochs = 3, not 4")]
    public async Task A_changed_experiment_does_not_continue_the_old_one(string before, string after, string part)
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run"), file = Path.Combine(run, "experiment.json"), text = File.ReadAllText(file);
        Assert.Contains(before, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(before, after, StringComparison.Ordinal));
        (await Vsc.Run("resume", run)).Refused("step-000000018.safetensors", part);
    }

    [Fact]
    public async Task A_damaged_experiment_is_refused()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run"), file = Path.Combine(run, "experiment.json");
        foreach (string text in new[] { "", "{", "[]", "{ \"metod\": 1 }", "{ \"seed\": 1, \"seed\": 2 }", "\0\0\0" })
        {
            File.WriteAllText(file, text);
            (await Vsc.Run("resume", run)).Refused(file);
        }
    }
}
