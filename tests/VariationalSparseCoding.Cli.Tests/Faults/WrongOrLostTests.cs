using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Tests.Faults;

/// <summary>What was wrong or lost without a word. Faults of version 0.1; the trait is the fault's number in docs/limits.md. With that version as VSC_TESTED_PROGRAM every test fails.</summary>
[Collection(TrainedRunTests.Name)]
[Trait("Category", "Slow")]
public sealed class WrongOrLostTests(TrainedRun trained) : IDisposable
{
    private const int Atoms = 8;
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [LinuxFact, Trait("Fault", "A4")]
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

    [Fact, Trait("Fault", "A4")]
    public async Task An_output_never_replaces_a_file_of_the_run_or_its_data()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run"), checkpoint;
        using (var folder = RunFolder.Open(run)) checkpoint = folder.NewestCheckpoint!;
        foreach (string file in new[] { Path.Combine(run, "experiment.json"), Path.Combine(run, "metrics.csv"), Path.Combine(run, "evaluation.json"), Path.Combine(run, "dictionary.png"), checkpoint, trained.Matrix })
        {
            byte[] before = File.ReadAllBytes(file);
            string reason = file == trained.Matrix ? "a report is an HTML page" : "would be replaced";
            (await Vsc.Run("report", run, "-o", file)).Refused(file, reason);
            (await Vsc.Run("report", run, trained.Run, "-o", file)).Refused(file, reason);
            Assert.Equal(before, File.ReadAllBytes(file));
        }
        (await Vsc.Run("encode", run, "validation-samples", "-o", trained.Matrix)).Refused(trained.Matrix, "would be replaced");
        // A new file beside them is the user's own.
        (await Vsc.Run("encode", run, "validation-samples", "-o", Path.Combine(run, "codes.npz"))).Succeeded();
        (await Vsc.Run("report", run, "-o", Path.Combine(run, "mine.html"))).Succeeded();
    }

    [Fact, Trait("Fault", "A7")]
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

    [Fact, Trait("Fault", "A8")]
    public async Task All_rows_are_used_unless_a_number_is_given()
    {
        const int rows = 30_000, validation = 4_000;
        string matrix = TinyData.WriteMatrix(scratch, rows: rows, columns: 2);
        string[] quick = ["--epochs", "1", "--atoms", "2", Vsc.Draws, "1", "--batch-size", "1000", "--threads", "1"];
        string[] words = ["train", "--data", matrix, "--output", scratch.File("all"), .. quick];
        Assert.Contains($"{rows - validation} training and {validation} validation samples", (await Vsc.Run(words)).Succeeded().Output, StringComparison.Ordinal);
        words = ["train", "--data", matrix, "--output", scratch.File("some"), "--train-patches", "2000", .. quick];
        Assert.Contains($"2000 training and {validation} validation samples", (await Vsc.Run(words)).Succeeded().Output, StringComparison.Ordinal);
    }

    [LinuxFact, Trait("Fault", "A3")]
    public async Task A_flipped_bit_in_the_newest_checkpoint_is_found_and_the_one_before_is_used()
    {
        string run = scratch.File("run");
        await Interrupted.ByTheProgram(trained.Matrix, run);
        string before = Path.Combine(run, "checkpoint", "step-000000001.safetensors"), newest;
        using (var folder = RunFolder.Open(run)) newest = folder.NewestCheckpoint!;
        // As an earlier checkpoint of the run, whatever its step was.
        if (Directory.GetFiles(Path.Combine(run, "checkpoint")).Length == 1) File.Copy(newest, before);
        (await Vsc.Run("encode", run, trained.Matrix, "-o", scratch.File("sound.npy"))).Done();
        Flip(newest);
        var outcome = await Vsc.Run("encode", run, trained.Matrix, "-o", scratch.File("codes.npy"));
        outcome.Done();
        Assert.Contains(outcome.Error.Split('\n'), line => line.StartsWith($"{Vsc.Name}: {newest}: its content does not match its checksum", StringComparison.Ordinal) && line.Contains("the checkpoint before it is used", StringComparison.Ordinal));
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

    [Fact, Trait("Fault", "A3")]
    public async Task A_run_with_nothing_but_damaged_checkpoints_is_not_started_over()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run");
        foreach (string file in Directory.GetFiles(Path.Combine(run, "checkpoint"))) Flip(file);
        var outcome = await Vsc.Run("resume", run);
        Assert.Equal(ExitCode.BadInput, outcome.Code);
        Assert.Contains("every checkpoint is damaged", outcome.Error, StringComparison.Ordinal);
    }

    [Fact, Trait("Fault", "A1")]
    public async Task Equal_rows_have_equal_codes_wherever_they_stand()
    {
        float[] rows = TinyData.Read(trained.Matrix), one = rows[..TinyData.Columns];
        // Before, between and behind others, and in another batch.
        foreach (int row in new[] { 1, 50, 118, 119 }) one.CopyTo(rows, row * TinyData.Columns);
        Npy.Write<float>(scratch.File("many.npy"), rows, TinyData.Columns);
        Npy.Write<float>(scratch.File("one.npy"), one, TinyData.Columns);
        foreach (string name in new[] { "many", "one" }) (await Vsc.Run("encode", trained.Run, scratch.File($"{name}.npy"), "-o", scratch.File($"{name}.codes.npy"))).Succeeded();
        float[] alone = TinyData.Read(scratch.File("one.codes.npy")), among = TinyData.Read(scratch.File("many.codes.npy"));
        foreach (int row in new[] { 0, 1, 50, 118, 119 }) Assert.Equal(alone, among[(row * Atoms)..((row + 1) * Atoms)]);
    }

    [LinuxFact, Trait("Fault", "A4")]
    public async Task An_output_never_takes_the_place_of_a_pipe()
    {
        foreach (string name in new[] { "codes.npz", "codes.npy" })
        {
            string pipe = Pipes.Make(scratch.File(name));
            (await Vsc.Run("encode", trained.Run, trained.Matrix, "-o", pipe)).Refused(pipe, "is a pipe");
            Assert.True(Pipes.IsPipe(pipe));
        }
    }

    [Fact, Trait("Fault", "A4")]
    public async Task Exported_images_replace_no_file_of_another_content()
    {
        string folder = Directory.CreateDirectory(scratch.File("images")).FullName, mine = Path.Combine(folder, "ATTRIBUTION.md");
        File.WriteAllText(mine, "my own list");
        (await Vsc.Run("data", "natural-images", "-o", folder)).Refused(mine, "would be replaced");
        Assert.Equal("my own list", File.ReadAllText(mine));
        Assert.Equal([mine], Directory.GetFiles(folder));
        File.Delete(mine);
        for (int again = 0; again < 2; again++) (await Vsc.Run("data", "natural-images", "-o", folder)).Succeeded();
    }

    [LinuxFact, Trait("Fault", "A6")]
    public async Task A_link_with_the_name_of_a_temporary_file_leads_nowhere()
    {
        string victim = scratch.Write("victim", "precious"u8.ToArray());
        foreach (string name in new[] { "codes.npz.partial", "codes.npz.tmp", ".codes.npz.vsc-partial", ".codes.npz.partial" }) File.CreateSymbolicLink(scratch.File(name), victim);
        (await Vsc.Run("encode", trained.Run, trained.Matrix, "-o", scratch.File("codes.npz"))).Succeeded();
        Assert.Equal("precious", File.ReadAllText(victim));
    }

    [Fact, Trait("Fault", "A6")]
    public async Task Only_files_of_the_program_count_as_left_over()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run"), notes = Path.Combine(run, "notes.partial"), more = Path.Combine(run, "checkpoint", "notes.partial");
        foreach (string file in new[] { notes, more }) File.WriteAllText(file, "mine");
        (await Vsc.Run("resume", run)).Succeeded();
        foreach (string file in new[] { notes, more }) Assert.Equal("mine", File.ReadAllText(file));

        string folder = Directory.CreateDirectory(scratch.File("folder")).FullName;
        File.WriteAllText(Path.Combine(folder, "notes.partial"), "mine");
        (await Vsc.Run(TinyData.Train(trained.Matrix, folder))).Refused(folder, "is not empty");
        Assert.Equal("mine", File.ReadAllText(Path.Combine(folder, "notes.partial")));
    }

    private static void Flip(string file)
    {
        byte[] content = File.ReadAllBytes(file);
        content[^40] ^= 4;
        File.WriteAllBytes(file, content);
    }
}
