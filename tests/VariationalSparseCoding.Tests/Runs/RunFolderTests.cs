using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Tests.Serialization;
using VariationalSparseCoding.Tests.Training;

namespace VariationalSparseCoding.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    private string Root => scratch.File("run");

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_new_folder_holds_its_experiment_and_can_be_opened()
    {
        var experiment = TinyRun.Describe(scratch);
        using (var folder = RunFolder.Create(Root, experiment)) Assert.Null(folder.NewestCheckpoint);
        using var opened = RunFolder.Open(Root);
        Assert.Equal(experiment, opened.Experiment);
        Assert.Equal(Path.Combine(Root, "experiment.json"), opened.ExperimentFile);
    }

    [Fact]
    public void A_run_that_could_not_begin_leaves_nothing()
    {
        using var folder = RunFolder.Create(Root, TinyRun.Describe(scratch));
        File.WriteAllText(folder.MetricsFile, "");
        Directory.CreateDirectory(folder.TensorBoardFolder);
        File.WriteAllText(Path.Combine(folder.TensorBoardFolder, "events"), "");
        folder.Abandon();
        Assert.False(Directory.Exists(Root));
    }

    [Fact]
    public void The_newest_two_checkpoints_are_kept()
    {
        var experiment = TinyRun.Describe(scratch);
        using var folder = RunFolder.Create(Root, experiment);
        using var state = TinyRun.NewState(experiment);
        // Numbers of different lengths: the order is that of numbers, not of names.
        foreach (long step in new[] { 5, 999_999_999, 1_000_000_000 })
        {
            state.StepsDone = step;
            folder.Save(state);
            Assert.Equal(step, Checkpoint.StepOf(folder.NewestCheckpoint!));
        }
        Assert.Equal(["step-1000000000.safetensors", "step-999999999.safetensors"], Directory.GetFiles(Path.Combine(Root, "checkpoint")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_checkpoint_is_read_once_for_its_checksum_and_its_content()
    {
        var experiment = TinyRun.Describe(scratch);
        using (var folder = RunFolder.Create(Root, experiment))
        {
            using var state = TinyRun.NewState(experiment);
            folder.Save(state);
        }
        using var opened = RunFolder.Open(Root);
        string newest = opened.NewestCheckpoint!;
        File.WriteAllBytes(newest, []);
        var (path, file) = opened.RequireNewestCheckpoint();
        Assert.Equal(newest, path);
        Assert.Contains("dictionary", file.Tensors.Keys);
        Assert.Throws<InvalidInputException>(() => opened.RequireNewestCheckpoint());
    }

    [Fact]
    public void Only_one_may_train_but_others_may_read()
    {
        var experiment = TinyRun.Describe(scratch);
        using (RunFolder.Create(Root, experiment))
        {
            using var reader = RunFolder.Open(Root);
            Assert.Contains("another process", Assert.Throws<InvalidInputException>(() => RunFolder.Resume(Root)).Message, StringComparison.Ordinal);
        }
        RunFolder.Resume(Root).Dispose();
    }

    [Fact]
    public void What_a_killed_process_left_half_written_is_removed()
    {
        RunFolder.Create(Root, TinyRun.Describe(scratch)).Dispose();
        Directory.CreateDirectory(Path.Combine(Root, "checkpoint"));
        string[] left = [Path.Combine(Root, ".metrics.csv.abcd0123.vsc-partial"), Path.Combine(Root, "checkpoint", ".step-000000003.safetensors.abcd0123.vsc-partial")];
        foreach (string file in left) File.WriteAllText(file, "half");
        RunFolder.Open(Root).Dispose();
        Assert.All(left, file => Assert.True(File.Exists(file), "a reader removed what a writer may be writing"));
        RunFolder.Resume(Root).Dispose();
        Assert.All(left, file => Assert.False(File.Exists(file)));
    }

    [Fact]
    public void A_users_file_with_a_like_name_is_kept()
    {
        Directory.CreateDirectory(Root);
        string notes = Path.Combine(Root, "notes.partial");
        File.WriteAllText(notes, "mine");
        Assert.Contains("is not empty", Assert.Throws<InvalidInputException>(() => RunFolder.Create(Root, TinyRun.Describe(scratch))).Message, StringComparison.Ordinal);
        File.Delete(notes);
        RunFolder.Create(Root, TinyRun.Describe(scratch)).Dispose();
        File.WriteAllText(notes, "mine");
        RunFolder.Resume(Root).Dispose();
        Assert.Equal("mine", File.ReadAllText(notes));
    }

    [Fact]
    public void An_abandoned_run_leaves_the_folder_as_it_was()
    {
        RunFolder.Create(Root, TinyRun.Describe(scratch)).Abandon();
        Assert.False(Directory.Exists(Root));
        Directory.CreateDirectory(Root);
        File.WriteAllText(Path.Combine(Root, ".experiment.json.abcd0123.vsc-partial"), "");
        RunFolder.Create(Root, TinyRun.Describe(scratch)).Abandon();
        RunFolder.Create(Root, TinyRun.Describe(scratch)).Dispose();
    }

    [Fact]
    public void A_folder_in_use_is_refused_with_the_reason()
    {
        var experiment = TinyRun.Describe(scratch);
        RunFolder.Create(Root, experiment).Dispose();
        Assert.Contains("without a checkpoint yet", Refusal(Root), StringComparison.Ordinal);
        using (var folder = RunFolder.Resume(Root))
        using (var state = TinyRun.NewState(experiment))
        {
            state.StepsDone = 17;
            folder.Save(state);
            Assert.Contains("another process is training", Refusal(Root), StringComparison.Ordinal);
        }
        Assert.Contains("checkpoint at step 17", Refusal(Root), StringComparison.Ordinal);
        using (var folder = RunFolder.Resume(Root))
        using (var state = TinyRun.NewState(experiment))
        {
            state.StepsDone = 18;
            folder.Save(state);
            Assert.True(TrainingRun.IsFinished(folder));
        }
        Assert.Contains("finished run", Refusal(Root), StringComparison.Ordinal);
        Assert.Contains("holds no run", Refusal(scratch.Path), StringComparison.Ordinal);
        Assert.Contains("is a file", Refusal(experiment.Data.Source), StringComparison.Ordinal);

        string Refusal(string path) => Assert.Throws<InvalidInputException>(() => RunFolder.Create(path, experiment)).Message;
    }
}
