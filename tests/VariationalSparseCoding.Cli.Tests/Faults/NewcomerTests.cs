using System.Text.Json.Nodes;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Tests.Faults;

/// <summary>What somebody met who used the commands for the first time.</summary>
[Collection(TrainedRunTests.Name)]
public sealed class NewcomerTests(TrainedRun trained) : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    private string Run => scratch.File("run");

    private static string[] Short(string data, string run, params string[] more) => ["train", "--data", data, "--output", run, "--atoms", "8", "--epochs", "1", "--threads", "1", .. more];

    [Trait("Category", "Slow")]
    [Fact]
    public async Task A_damaged_image_is_left_out_of_patches()
    {
        string images = Directory.CreateDirectory(scratch.File("images")).FullName;
        for (int i = 0; i < 3; i++) TinyData.WriteImage(Path.Combine(images, $"{i}.png"), 40, 40, seed: i);
        byte[] sound = File.ReadAllBytes(Path.Combine(images, "0.png"));
        File.WriteAllBytes(Path.Combine(images, "cut.png"), sound[..(sound.Length / 2)]);
        File.WriteAllText(Path.Combine(images, "text.png"), "no image");
        (await Vsc.Run(TinyData.Train(images, scratch.File("refused"), "--patch-size", "6"))).Refused("text.png");
        var outcome = await Vsc.Run(TinyData.Train(images, Run, "--patch-size", "6", "--skip-bad-images"));
        outcome.Done();
        Assert.Contains("images that cannot be used were left out: 2 (cut.png, text.png)", outcome.Error, StringComparison.Ordinal);
        // It is opened again alike.
        (await Vsc.Run("evaluate", Run)).Succeeded();
        // All patches that are there, and those of damaged images are not.
        const int patches = 3 * 35 * 35;
        (await Vsc.Run("train", "--images", images, "--output", scratch.File("all"), "--patch-size", "6", "--atoms", "8", "--epochs", "1", "--threads", "1", "--skip-bad-images")).Done();
        using var folder = RunFolder.Open(scratch.File("all"));
        Assert.Equal(patches, folder.Experiment.Data.TrainSamples + folder.Experiment.Data.ValidationSamples);
    }

    [Trait("Category", "Slow")]
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Numbers_that_nobody_gave_follow_from_the_data(bool ofTraining)
    {
        string matrix = TinyData.WriteMatrix(scratch);
        (await Vsc.Run(Short(matrix, Run, ofTraining ? "--train-patches" : "--validation-patches", "50", "--batch-size", "10"))).Done();
        using var folder = RunFolder.Open(Run);
        Assert.Equal(TinyData.Rows, folder.Experiment.Data.TrainSamples + folder.Experiment.Data.ValidationSamples);
    }

    [Fact]
    public async Task A_batch_that_is_too_large_is_compared_with_the_samples_that_there_are() =>
        (await Vsc.Run(Short(TinyData.WriteMatrix(scratch), Run, "--batch-size", "100000"))).Refused("--batch-size", "100000 is more than the 100 training samples");

    [Trait("Category", "Slow")]
    [Fact]
    public async Task A_file_that_sets_nothing_is_as_no_file()
    {
        File.WriteAllText(scratch.File("experiment.json"), "{}");
        string[] words = ["--epochs", "1", "--train-patches", "300", "--validation-patches", "20", "--patch-size", "6", "--atoms", "8", "--threads", "1"];
        (await Vsc.Run(["train", scratch.File("experiment.json"), "--output", scratch.File("file"), .. words])).Done();
        (await Vsc.Run(["train", "--output", scratch.File("none"), .. words])).Done();
        using RunFolder file = RunFolder.Open(scratch.File("file")), none = RunFolder.Open(scratch.File("none"));
        Assert.Equal(none.Experiment.Schedule, file.Experiment.Schedule);
        // What a run has recorded is that run, whatever its length.
        (await Vsc.Run("train", Path.Combine(scratch.File("file"), "experiment.json"), "--output", scratch.File("again"))).Done();
        Assert.Equal(TrainedRun.FinalCheckpoint(scratch.File("file")), TrainedRun.FinalCheckpoint(scratch.File("again")));
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task Options_without_effect_are_named_or_refused()
    {
        string output = (await Vsc.Run(Short(trained.Matrix, Run, "--method", "fista", "--patch-size", "4", "--batch-norm", "all"))).Succeeded().Output;
        Assert.Contains("--patch-size (data.patchSize) has no effect", output, StringComparison.Ordinal);
        Assert.Contains("--batch-norm (generator.batchNorm) has no effect", output, StringComparison.Ordinal);
        string codes = scratch.File("codes.npy");
        foreach (string kind in new[] { "mean", "map", "draw", "mode", "best" })
            (await Vsc.Run("encode", Run, trained.Matrix, "-o", codes, "--codes", kind)).Refused("'fista' has one kind of codes");
        (await Vsc.Run("encode", Run, trained.Matrix, "-o", codes, "--codes", "fista")).Succeeded();
        foreach (string input in new[] { trained.Matrix, "validation-samples" })
            (await Vsc.Run("encode", trained.Run, input, "-o", codes, "--stride", "2")).Refused("stride 2", "leave it out");
    }

    [Fact]
    public async Task Small_differences_beside_a_large_offset_are_there_in_float64()
    {
        var random = new System.Random(1);
        double[] values = [.. Enumerable.Range(0, 120 * 6).Select(_ => 1e6 + 1e-3 * random.NextDouble())];
        Npy.Write<double>(scratch.File("double.npy"), values, 6);
        Npy.Write<float>(scratch.File("single.npy"), Array.ConvertAll(values, value => (float)value), 6);
        var outcome = await Vsc.Run(Short(scratch.File("double.npy"), Run));
        outcome.Done();
        Assert.Contains("decoded values are float32", outcome.Error, StringComparison.Ordinal);
        var refused = await Vsc.Run(Short(scratch.File("single.npy"), scratch.File("refused")));
        refused.Refused("all rows are equal within the precision of float32", "(--raw)");
        Assert.False(Directory.Exists(scratch.File("refused")));
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task Codes_that_do_not_beat_coding_nothing_are_called_so_once()
    {
        string[] words = Short(trained.Matrix, Run, "--set", "schedule.learningRate=1e-6", "--set", "schedule.dictionaryStep=1e-6", "--set", "objective.lambda=30");
        var train = await Vsc.Run(words);
        train.Done();
        foreach (string output in new[] { train.Output, (await Vsc.Run("evaluate", Run)).Succeeded().Output })
            Assert.Single(output.Split('\n'), line => line.Contains("do not beat the all-zero code", StringComparison.Ordinal));
        Assert.DoesNotContain("do not beat", (await Vsc.Run("evaluate", trained.Run)).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact, Trait("Fault", "A9")]
    public async Task A_report_is_true_of_the_runs_data_and_method()
    {
        string folder = scratch.File("a run");
        (await Vsc.Run(Short(trained.Matrix, folder, "--method", "fista"))).Succeeded();
        string page = File.ReadAllText(Path.Combine(folder, "report.html"));
        Assert.DoesNotContain("patches are drawn from the same images", page, StringComparison.Ordinal);
        Assert.DoesNotContain("no variational method", page, StringComparison.Ordinal);
        Assert.Contains("rows of the same data", page, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Contains("&#39;" + Path.Combine(folder, "experiment.json") + "&#39;", page, StringComparison.Ordinal);
        File.WriteAllText(scratch.File("notes.txt"), "mine");
        (await Vsc.Run("report", folder, "-o", scratch.File("notes.txt"))).Refused("notes.txt", ".html");
        Assert.Equal("mine", File.ReadAllText(scratch.File("notes.txt")));
        Assert.Contains("at most half of max|A^T x|", File.ReadAllText(Path.Combine(trained.Run, "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_in_which_another_process_trains_is_called_so()
    {
        using var described = RunFolder.Open(trained.Run);
        using (RunFolder.Create(Run, described.Experiment))
            (await Vsc.Run(TinyData.Train(trained.Matrix, Run))).Refused(Run, "another process is training in this folder");
    }

    [Fact]
    public async Task Nobody_is_advised_to_resume_what_diverges_again()
    {
        string[] wild = ["--set", "schedule.learningRate=1e6", "--set", "schedule.stepSizes=fixed"];
        Assert.Equal(ExitCode.Failed, (await Vsc.Run(TinyData.Train(trained.Matrix, Run, wild))).Code);
        var outcome = await Vsc.Run("evaluate", Run);
        Assert.DoesNotContain("resume", outcome.Error, StringComparison.Ordinal);
        outcome.Refused(Run, "diverged", "schedule.learningRate");
    }

    [Fact]
    public async Task What_is_not_what_it_should_be_is_called_so()
    {
        File.WriteAllText(scratch.File("text.npy"), "1,2");
        (await Vsc.Run(Short(scratch.File("text.npy"), Run))).Refused("text.npy", "this is not a NumPy array");
        Npy.Write<float>(scratch.File("one.npy"), new float[] { 1, 2 }, 2);
        (await Vsc.Run(Short(scratch.File("one.npy"), Run))).Refused("one.npy", "one row", "give more rows");
        (await Vsc.Run("evaluate", trained.Matrix)).Refused(trained.Matrix, "is a file");
        float[] large = [.. Enumerable.Repeat(3e38f, TinyData.Columns)];
        Npy.Write<float>(scratch.File("large.npy"), large, TinyData.Columns);
        (await Vsc.Run("encode", trained.Run, scratch.File("large.npy"), "-o", scratch.File("codes.npy"))).Refused("row 0", "too large");
    }

    [Fact]
    public async Task The_numbers_of_the_default_codes_have_keys_of_their_own()
    {
        var json = JsonNode.Parse((await Vsc.Run("evaluate", trained.Run, "--json")).Succeeded().Output)!.AsObject();
        Assert.Equal("map", (string)json["default_codes"]!);
        Assert.NotEqual((double)json["objective"]!, (double)json["objective_map"]!);
    }

    [Fact]
    public async Task The_names_of_codes_stand_on_a_line_each()
    {
        string output = (await Vsc.Run("evaluate", trained.Run)).Succeeded().Output;
        string[] names = ["as trained, best of 2", "one draw", "posterior mean", "all-zero code", "MAP code (default)", "converged FISTA"];
        foreach (string name in names) Assert.Single(output.Split('\n'), line => line.StartsWith($"  {name} ", StringComparison.Ordinal) && line.Any(char.IsDigit));
    }
}
