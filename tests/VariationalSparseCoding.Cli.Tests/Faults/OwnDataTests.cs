using System.Text;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Cli.Tests.Faults;

/// <summary>What did not work on people's own data. Faults of version 0.1; the trait is the fault's number in docs/limits.md. With that version as VSC_TESTED_PROGRAM every test fails.</summary>
[Collection(TrainedRunTests.Name)]
[Trait("Category", "Slow")]
public sealed class OwnDataTests(TrainedRun trained) : IDisposable
{
    private const int Atoms = 8;
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory, Trait("Fault", "C6")]
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

    [Fact, Trait("Fault", "C7")]
    public async Task A_MATLAB_file_with_unsigned_dimensions_is_read()
    {
        const byte int32 = 5, uint32 = 6;
        var writer = new MatWriter();
        byte[] file = writer.File(writer.Doubles("IMAGES", [16, 16, 2], [.. Enumerable.Range(0, 2 * 16 * 16).Select(i => Math.Sin(i * i))]));
        int tag = file.AsSpan(128 + 8 + 16).IndexOf(int32) + 128 + 8 + 16;
        file[tag] = uint32;
        (await Vsc.Run(TinyData.Train(scratch.Write("images.mat", file), scratch.File("run"), "--patch-size", "8"))).Succeeded();
    }

    [LinuxFact, Trait("Fault", "C8")]
    public async Task A_run_that_has_not_reached_its_end_says_so()
    {
        string run = scratch.File("run");
        await Interrupted.ByTheProgram(trained.Matrix, run);
        foreach (string[] words in new string[][] { ["encode", run, trained.Matrix, "-o", scratch.File("codes.npy")], ["evaluate", run, "--json"], ["report", run], ["decode", run, scratch.File("codes.npy"), "-o", scratch.File("x.npy")] })
        {
            var outcome = await Vsc.Run(words);
            Assert.Equal(ExitCode.Done, outcome.Code);
            Assert.Matches(@"step \d+ of 600000", Assert.Single(outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
            Assert.DoesNotContain("of 600000", outcome.Output, StringComparison.Ordinal);
        }
    }

    [Fact, Trait("Fault", "C9")]
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

    [Fact, Trait("Fault", "C11")]
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

    [LinuxFact, Trait("Fault", "C10")]
    public async Task Photographs_take_memory_for_one_of_them_and_for_what_is_kept_of_each()
    {
        // Few, and a third of what a telephone takes, so that the test is short. Version 0.1 took 150 MB for each.
        const int height = 2048, width = 2048, images = 4;
        const long most = 500L << 20;
        string folder = Directory.CreateDirectory(scratch.File("images")).FullName;
        TinyData.WriteWaves(Path.Combine(folder, "0.png"), height, width);
        for (int i = 1; i < images; i++) File.Copy(Path.Combine(folder, "0.png"), Path.Combine(folder, $"{i}.png"));
        string[] words = TinyData.Train(folder, scratch.File("run"), "--patch-size", "8");
        (await Vsc.Start(scratch.Path, words).FinishWithin(most)).Succeeded();

        // A machine that has too little for them is not tried.
        words = TinyData.Train(folder, scratch.File("other"), "--patch-size", "8");
        (await Vsc.Start(scratch.Path, words, ("DOTNET_GCHeapHardLimit", "0x8000000")).Finish()).Refused(folder, $"{images * height * width} pixels", "MiB of memory");
    }

    [LinuxFact, Trait("Fault", "C10")]
    public async Task A_small_file_of_very_many_pixels_is_refused_before_it_is_decoded()
    {
        const int side = 9999;
        const long most = 300L << 20;
        string path = scratch.File("large.png");
        TinyData.WriteEmptyPng(path, side, side);
        Assert.InRange(new FileInfo(path).Length, 1, 20_000);
        (await Vsc.Start(scratch.Path, TinyData.Train(path, scratch.File("run"), "--patch-size", "8")).FinishWithin(most)).Refused(path, $"{side} x {side} pixels");
    }

    [Fact, Trait("Fault", "C11")]
    public async Task A_photograph_is_seen_as_its_camera_was_held()
    {
        const int height = 40, width = 64, side = 8;
        string photograph = scratch.File("photograph.jpg"), turned = scratch.File("turned.png"), run = scratch.File("run");
        TinyData.WriteTurnedPhotograph(photograph, turned, height, width);
        (await Vsc.Run(TinyData.Train(turned, run, "--patch-size", "8"))).Succeeded();
        foreach (string path in new[] { photograph, turned }) (await Vsc.Run("encode", run, path, "-o", path + ".npy", "--codes", "mean")).Succeeded();
        float[] expected = TinyData.Read(turned + ".npy");
        Assert.Equal(height / side * (width / side) * Atoms, expected.Length);
        Assert.Equal(expected, TinyData.Read(photograph + ".npy"));
    }
}
