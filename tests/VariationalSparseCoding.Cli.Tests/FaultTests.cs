using System.Text;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Tests;

/// <summary>Faults that use of version 0.1 has shown: what was lost or wrong without a word.</summary>
[Collection(TrainedRunTests.Name)]
[Trait("Category", "Slow")]
public sealed class FaultTests(TrainedRun trained) : IDisposable
{
    private const int Atoms = 8;
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [LinuxFact]
    public async Task An_output_never_replaces_an_input()
    {
        string matrix = TinyData.WriteMatrix(scratch), link = scratch.File("link.npy"), codes = scratch.File("codes.npy");
        File.CreateSymbolicLink(link, matrix);
        byte[] before = File.ReadAllBytes(matrix);
        foreach (var (input, output) in new[] { (matrix, matrix), (link, matrix), (matrix, link), (matrix, Path.Combine(scratch.Path, ".", "matrix.npy")) })
            (await Vsc.Run("encode", trained.Run, input, "-o", output)).Refused("would be replaced", "write to another file");
        Assert.Equal(before, File.ReadAllBytes(matrix));
        (await Vsc.Run("encode", trained.Run, matrix, "-o", codes)).Succeeded();
        (await Vsc.Run("decode", trained.Run, codes, "-o", codes)).Refused("codes.npy", "would be replaced");
    }

    [Fact]
    public async Task An_output_never_replaces_a_file_of_the_run_or_its_data()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run"), checkpoint;
        using (var folder = RunFolder.Open(run)) checkpoint = folder.NewestCheckpoint!;
        foreach (string file in new[] { Path.Combine(run, "experiment.json"), Path.Combine(run, "metrics.csv"), Path.Combine(run, "evaluation.json"), Path.Combine(run, "dictionary.png"), checkpoint, trained.Matrix })
        {
            byte[] before = File.ReadAllBytes(file);
            (await Vsc.Run("report", run, "-o", file)).Refused(file, "would be replaced");
            (await Vsc.Run("report", run, trained.Run, "-o", file)).Refused(file, "would be replaced");
            Assert.Equal(before, File.ReadAllBytes(file));
        }
        (await Vsc.Run("encode", run, "validation-samples", "-o", trained.Matrix)).Refused(trained.Matrix, "would be replaced");
        // A new file beside them is the user's own.
        (await Vsc.Run("encode", run, "validation-samples", "-o", Path.Combine(run, "codes.npz"))).Succeeded();
        (await Vsc.Run("report", run, "-o", Path.Combine(run, "mine.html"))).Succeeded();
    }

    [Fact]
    public async Task Codes_that_are_not_finite_are_refused_with_their_row()
    {
        float[] codes = new float[3 * Atoms];
        foreach (float value in new[] { float.NaN, float.PositiveInfinity })
        {
            codes[2 * Atoms + 5] = value;
            Npy.Write<float>(scratch.File("codes.npy"), codes, Atoms);
            (await Vsc.Run("decode", trained.Run, scratch.File("codes.npy"), "-o", scratch.File("x.npy"))).Refused("codes.npy", "row 2, column 5");
        }
        var rows = new CsrBuilder(Atoms);
        rows.Append(codes);
        Npz.Write(scratch.File("codes.npz"), rows.Build());
        (await Vsc.Run("decode", trained.Run, scratch.File("codes.npz"), "-o", scratch.File("x.npy"))).Refused("codes.npz", "row 2");
        Assert.False(File.Exists(scratch.File("x.npy")));
    }

    [Fact]
    public async Task Codes_without_rows_are_refused()
    {
        Npz.Write(scratch.File("codes.npz"), new CsrBuilder(Atoms).Build());
        (await Vsc.Run("decode", trained.Run, scratch.File("codes.npz"), "-o", scratch.File("x.npy"))).Refused("codes.npz", "has no rows");
    }

    [Fact]
    public async Task Experiments_with_a_byte_order_mark_are_read_and_those_that_are_not_text_are_refused()
    {
        byte[] text = Encoding.UTF8.GetBytes($$"""{ "data": { "source": "{{trained.Matrix}}" } }""");
        string[] words = TinyData.Train(trained.Matrix, scratch.File("run"))[3..];
        (await Vsc.Run(["train", scratch.Write("marked.json", [0xef, 0xbb, 0xbf, .. text]), .. words])).Succeeded();
        (await Vsc.Run("train", scratch.Write("invalid.json", [(byte)'{', (byte)'"', 0xff, (byte)'"', (byte)':', (byte)'1', (byte)'}']), "--output", scratch.File("other"))).Refused("invalid.json", "UTF-8");
    }

    [Fact]
    public async Task All_rows_are_used_unless_a_number_is_given()
    {
        const int rows = 30_000, validation = 4_000;
        string matrix = TinyData.WriteMatrix(scratch, rows: rows, columns: 2);
        string[] quick = ["--epochs", "1", "--atoms", "2", "--draws", "1", "--batch-size", "1000", "--threads", "1"];
        string[] words = ["train", "--data", matrix, "--output", scratch.File("all"), .. quick];
        Assert.Contains($"{rows - validation} training and {validation} validation samples", (await Vsc.Run(words)).Succeeded().Output, StringComparison.Ordinal);
        words = ["train", "--data", matrix, "--output", scratch.File("some"), "--train-patches", "2000", .. quick];
        Assert.Contains($"2000 training and {validation} validation samples", (await Vsc.Run(words)).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_newest_checkpoint_gives_way_to_the_one_before_and_that_is_said()
    {
        string run = scratch.File("run");
        Interrupted.Train(trained.Run, run, atStep: 7);
        (await Vsc.Run("resume", run)).Succeeded();
        byte[] whole = TrainedRun.FinalCheckpoint(run), flipped = [.. whole];
        flipped[whole.Length - 40] ^= 4;
        string newest;
        using (var folder = RunFolder.Open(run)) newest = folder.NewestCheckpoint!;
        File.WriteAllBytes(newest, flipped);

        var encoded = await Vsc.Run("encode", run, trained.Matrix, "-o", scratch.File("codes.npy"));
        Assert.Equal(ExitCode.Done, encoded.Code);
        string[] lines = encoded.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith($"vsc: {newest}: its content does not match its checksum", lines[0], StringComparison.Ordinal);
        Assert.Contains("the checkpoint before it is used", lines[0], StringComparison.Ordinal);
        Assert.Contains("step 7 of 18", lines[1], StringComparison.Ordinal);

        var resumed = await Vsc.Run("resume", run);
        Assert.Equal(ExitCode.Done, resumed.Code);
        Assert.Contains(newest, resumed.Error, StringComparison.Ordinal);
        Assert.Equal(whole, TrainedRun.FinalCheckpoint(run));
    }

    [Fact]
    public async Task A_run_with_nothing_but_damaged_checkpoints_is_not_started_over()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run");
        foreach (string file in Directory.GetFiles(Path.Combine(run, "checkpoint"))) File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]);
        var outcome = await Vsc.Run("resume", run);
        Assert.Equal(ExitCode.BadInput, outcome.Code);
        Assert.Contains("every checkpoint is damaged", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused_without_advice_that_destroys_it()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run"), checkpoint;
        using (var folder = RunFolder.Open(run)) checkpoint = folder.NewestCheckpoint!;
        var (tensors, metadata) = Safetensors.Read(checkpoint);
        Safetensors.Write(checkpoint, tensors.Values, new Dictionary<string, string>(metadata) { ["version"] = "2" });
        byte[] before = File.ReadAllBytes(checkpoint);
        File.WriteAllText(Path.Combine(run, "experiment.json"), File.ReadAllText(Path.Combine(run, "experiment.json")).Replace("\"epochs\": 3", "\"epochs\": 4", StringComparison.Ordinal));
        var outcome = await Vsc.Run("resume", run);
        outcome.Refused(checkpoint, "another version", "use that version");
        Assert.DoesNotContain("delete", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(checkpoint));
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (120L, 6L), }")]
    [InlineData("{'descr': 'f4', 'fortran_order': False, 'shape': (120, 6), }")]
    [InlineData("{'descr': '=f4', 'fortran_order': False, 'shape': (120, 6), }")]
    public async Task Headers_of_old_NumPy_are_read(string header)
    {
        byte[] whole = File.ReadAllBytes(trained.Matrix);
        byte[] values = whole[^(TinyData.Rows * TinyData.Columns * sizeof(float))..];
        byte[] text = Encoding.ASCII.GetBytes(header.PadRight(117) + "\n");
        File.WriteAllBytes(scratch.File("old.npy"), [.. whole[..8], .. BitConverter.GetBytes((ushort)text.Length), .. text, .. values]);
        foreach (string name in new[] { "old", "new" }) (await Vsc.Run("encode", trained.Run, name == "old" ? scratch.File("old.npy") : trained.Matrix, "-o", scratch.File(name + ".codes.npy"))).Succeeded();
        Assert.Equal(File.ReadAllBytes(scratch.File("new.codes.npy")), File.ReadAllBytes(scratch.File("old.codes.npy")));
    }

    [Fact]
    public async Task A_MATLAB_file_with_unsigned_dimensions_is_read()
    {
        const byte int32 = 5, uint32 = 6;
        var writer = new MatWriter();
        byte[] file = writer.File(writer.Doubles("IMAGES", [16, 16, 2], [.. Enumerable.Range(0, 2 * 16 * 16).Select(i => Math.Sin(i * i))]));
        int tag = file.AsSpan(128 + 8 + 16).IndexOf(int32) + 128 + 8 + 16;
        file[tag] = uint32;
        (await Vsc.Run(TinyData.Train(scratch.Write("images.mat", file), scratch.File("run"), "--patch-size", "8"))).Succeeded();
    }

    [Fact]
    public async Task A_run_that_has_not_reached_its_end_says_so()
    {
        string run = scratch.File("run");
        Interrupted.Train(trained.Run, run, atStep: 7);
        foreach (string[] words in new string[][] { ["encode", run, trained.Matrix, "-o", scratch.File("codes.npy")], ["evaluate", run, "--json"], ["report", run], ["decode", run, scratch.File("codes.npy"), "-o", scratch.File("x.npy")] })
        {
            var outcome = await Vsc.Run(words);
            Assert.Equal(ExitCode.Done, outcome.Code);
            Assert.Contains("step 7 of 18", Assert.Single(outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
            Assert.DoesNotContain("step 7 of 18", outcome.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Paths_of_an_experiment_are_those_of_its_folder_and_are_kept_absolute()
    {
        string below = Directory.CreateDirectory(scratch.File("below")).FullName, matrix = TinyData.WriteMatrix(scratch), file = Path.Combine(below, "experiment.json");
        File.WriteAllText(file, """{ "data": { "source": "../matrix.npy" } }""");
        string[] words = TinyData.Train(matrix, scratch.File("run"));
        (await Vsc.Run([words[0], file, .. words[3..]])).Succeeded();
        using (var folder = RunFolder.Open(scratch.File("run"))) Assert.Equal(matrix, folder.Experiment.Data.Source);

        words = ["train", "--set", "data.source=matrix.npy", .. words[3..], "--output", "other"];
        (await Vsc.Start(scratch.Path, words.Where(word => word != scratch.File("run")).Where((word, i) => !(word == "--output" && words[i + 1] == scratch.File("run")))).Finish()).Succeeded();
        using (var folder = RunFolder.Open(scratch.File("other"))) Assert.Equal(matrix, folder.Experiment.Data.Source);
    }

    [Fact]
    public async Task Images_in_subfolders_and_files_of_another_kind_are_named()
    {
        string folder = Directory.CreateDirectory(scratch.File("images")).FullName, below = Directory.CreateDirectory(Path.Combine(folder, "part")).FullName;
        TinyData.WriteImage(Path.Combine(below, "a.png"), 40, 40);
        (await Vsc.Run(TinyData.Train(folder, scratch.File("run"), "--patch-size", "8"))).Refused(folder, $"name that folder ({below})");
        // A bitmap of one pixel.
        byte[] bitmap = new byte[58];
        "BM"u8.CopyTo(bitmap);
        (bitmap[2], bitmap[10], bitmap[14], bitmap[18], bitmap[22], bitmap[26], bitmap[28]) = (58, 54, 40, 1, 1, 1, 24);
        string disguised = scratch.Write("a.jpg", bitmap);
        var outcome = await Vsc.Run(TinyData.Train(disguised, scratch.File("run"), "--patch-size", "8"));
        outcome.Refused(disguised, "kind Bmp");
    }

    [Fact]
    public async Task A_report_that_goes_elsewhere_leaves_the_run_as_it_is()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run"), page = scratch.File("mine.html");
        File.Delete(Path.Combine(run, "dictionary.png"));
        string[] before = Directory.GetFiles(run, "*", SearchOption.AllDirectories);
        (await Vsc.Run("report", run, "-o", page)).Succeeded();
        Assert.Equal(before, Directory.GetFiles(run, "*", SearchOption.AllDirectories));
        Assert.True(File.Exists(page));
    }

    [Fact]
    public async Task A_dictionary_of_MAP_inference_has_no_rows_of_draws()
    {
        string output = (await Vsc.Run(TinyData.Train(trained.Matrix, scratch.File("run"), "--method", "fista"))).Succeeded().Output;
        foreach (string name in new[] { "one draw", "posterior mean", "posterior mode", "single sample" })
        {
            Assert.DoesNotContain(name, output, StringComparison.Ordinal);
            Assert.DoesNotContain(name, File.ReadAllText(Path.Combine(scratch.File("run"), "report.html")), StringComparison.Ordinal);
        }
        Assert.Contains("published FISTA", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_finished_run_can_be_extended()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run");
        (await Vsc.Run("resume", run, "--epochs", "3")).Refused(run, "has 3 epochs");
        string output = (await Vsc.Run("resume", run, "--epochs", "5")).Succeeded().Output;
        Assert.DoesNotContain("epoch 3 ", output, StringComparison.Ordinal);
        Assert.Contains("epoch 5 ", output, StringComparison.Ordinal);
        using var folder = RunFolder.Open(run);
        Assert.Equal((5, 30L), (folder.Experiment.Schedule.Epochs, Checkpoint.StepOf(folder.NewestCheckpoint!)));
        Assert.Equal(6, File.ReadAllLines(Path.Combine(run, "metrics.csv")).Length);
    }

    [Fact]
    public async Task A_number_too_large_for_single_precision_is_called_by_its_name()
    {
        double[] values = [.. Enumerable.Range(0, TinyData.Rows * TinyData.Columns).Select(i => Math.Sin(i * i))];
        values[4 * TinyData.Columns + 2] = 1e300;
        Npy.Write<double>(scratch.File("large.npy"), values, TinyData.Columns);
        (await Vsc.Run(TinyData.Train(scratch.File("large.npy"), scratch.File("run")))).Refused("large.npy", "row 4, column 2", "1E+300");
    }

    [Fact]
    public async Task Runs_that_begin_at_once_take_different_folders()
    {
        const int runs = 4;
        string[] words = ["train", .. TinyData.Train(trained.Matrix, "").Where(word => word.Length > 0 && word is not ("train" or "--output"))];
        var outcomes = await Task.WhenAll(Enumerable.Range(0, runs).Select(_ => Vsc.Start(scratch.Path, words).Finish()));
        foreach (var outcome in outcomes) outcome.Succeeded();
        Assert.Equal(runs, Directory.GetDirectories(scratch.File("runs")).Length);
    }
}
