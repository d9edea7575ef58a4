using System.Text;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Tests;

/// <summary>Files that no run can use: one line that names the file and the cause, exit code 2, and nothing left behind.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    private async Task RefusesToTrainOn(string data, params string[] parts)
    {
        string[] before = Directory.GetFileSystemEntries(scratch.Path);
        (await Vsc.Run(TinyData.Train(data, scratch.File("run"), "--patch-size", "8"))).Refused(parts);
        Assert.Equal(before, Directory.GetFileSystemEntries(scratch.Path));
    }

    private string WriteValues(string name, params float[] values)
    {
        Npy.Write<float>(scratch.File(name), values, 3);
        return scratch.File(name);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public async Task A_matrix_with_values_that_are_not_finite(float value)
    {
        float[] values = [.. Enumerable.Range(0, 300).Select(i => (float)Math.Sin(i * i))];
        values[200] = value;
        string path = WriteValues("odd.npy", values);
        await RefusesToTrainOn(path, path, "row 66, column 2");
    }

    [Trait("Category", "Slow")]
    [Fact, Trait("Fault", "C3")]
    public async Task A_matrix_with_a_constant_column_is_used_with_a_note()
    {
        string path = WriteValues("constant.npy", [.. Enumerable.Range(0, 300).Select(i => i % 3 == 1 ? 5f : (float)Math.Sin(i * i))]);
        var outcome = await Vsc.Run(TinyData.Train(path, scratch.File("run")));
        Assert.Equal(ExitCode.Done, outcome.Code);
        Assert.Equal($"vsc: {path}: column 1 is constant within the precision of float32 (1 of 3); codes do not depend on it, and it is decoded as the mean", Assert.Single(outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        (await Vsc.Run("encode", scratch.File("run"), path, "-o", scratch.File("codes.npy"))).Succeeded();
        (await Vsc.Run("decode", scratch.File("run"), scratch.File("codes.npy"), "-o", scratch.File("decoded.npy"))).Succeeded();
        using var decoded = NpyMatrix.Open(scratch.File("decoded.npy"));
        float[] rows = new float[300];
        decoded.CopyRows(0, 100, rows);
        Assert.All(Enumerable.Range(0, 100), row => Assert.Equal(5, rows[3 * row + 1]));
    }

    [Fact]
    public async Task A_matrix_of_equal_rows()
    {
        string path = WriteValues("equal.npy", [.. Enumerable.Range(0, 300).Select(i => (float)(i % 3))]);
        await RefusesToTrainOn(path, path, "all rows are equal", "give rows that differ");
    }

    [Trait("Category", "Slow")]
    [Fact, Trait("Fault", "C4")]
    public async Task Raw_samples_of_another_unit_are_named_before_the_first_step()
    {
        string path = WriteValues("loud.npy", [.. Enumerable.Range(0, 300).Select(i => 30 * (float)Math.Sin(i * i))]);
        var outcome = await Vsc.Run(TinyData.Train(path, scratch.File("run"), "--raw", "--set", "schedule.learningRate=1e-12", "--set", "schedule.dictionaryStep=0"));
        Assert.Equal(ExitCode.Done, outcome.Code);
        string line = Assert.Single(outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        foreach (string part in new[] { path, "the samples' mean squared value is", "data.normalisation = column", "divide the samples by about 2" }) Assert.Contains(part, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_matrix_with_too_few_rows() => await RefusesToTrainOn(WriteValues("short.npy", [1, 2, 3, 4, 6, 5]), "short.npy", "80 samples", "2 rows");

    [Fact]
    public async Task Damaged_matrices()
    {
        byte[] whole = File.ReadAllBytes(WriteValues("whole.npy", [.. Enumerable.Range(0, 300).Select(i => (float)Math.Sin(i * i))]));
        byte[] Header(string text) => [.. "\u0093NUMPY\u0001\0"u8[1..], .. BitConverter.GetBytes((ushort)text.Length), .. Encoding.ASCII.GetBytes(text)];
        byte[][] damaged =
        [
            [], whole[..5], whole[..100], whole[..^1], [.. "PK"u8, .. whole], Encoding.ASCII.GetBytes("1,2,3\n4,5,6\n"),
            [0x93, .. Header("{'descr': '|O', 'fortran_order': False, 'shape': (100, 3), }")[1..]],
            [0x93, .. Header("{'descr': '<f4', 'fortran_order': False, 'shape': (4000000000, 4000000000), }")[1..]],
            [0x93, .. Header("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 3), }")[1..]],
        ];
        foreach (byte[] bytes in damaged) await RefusesToTrainOn(scratch.Write("damaged.npy", bytes), "damaged.npy");
    }

    [Fact]
    public async Task Damaged_images()
    {
        string path = scratch.File("image.png");
        TinyData.WriteImage(path, 32, 32);
        byte[] whole = File.ReadAllBytes(path);
        foreach (byte[] bytes in new[] { [], whole[..20], whole[..(whole.Length / 2)], "GIF89a"u8.ToArray(), Encoding.ASCII.GetBytes("not an image") })
        {
            File.WriteAllBytes(path, bytes);
            await RefusesToTrainOn(path, "image.png");
        }
    }

    [Fact]
    public async Task An_image_smaller_than_a_patch()
    {
        string folder = Directory.CreateDirectory(scratch.File("images")).FullName;
        TinyData.WriteImage(Path.Combine(folder, "large.png"), 40, 40);
        TinyData.WriteImage(Path.Combine(folder, "small.png"), 40, 7);
        await RefusesToTrainOn(folder, "small.png", "8 x 8");
    }

    [Fact]
    public async Task Images_without_contrast()
    {
        string path = scratch.File("grey.png");
        TinyData.WriteImage(path, 40, 40, seed: null);
        await RefusesToTrainOn(path, path, "all pixels");
    }

    [Fact]
    public async Task A_folder_without_images_and_a_file_of_no_known_kind()
    {
        string folder = Directory.CreateDirectory(scratch.File("images")).FullName;
        await RefusesToTrainOn(folder, folder, "holds no image");
        await RefusesToTrainOn(scratch.Write("data.csv", [1]), "data.csv", ".npy");
        string disguised = Directory.CreateDirectory(scratch.File("folder.npy")).FullName;
        await RefusesToTrainOn(disguised, disguised);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task Damaged_MATLAB_files()
    {
        var writer = new MatWriter();
        double[] values = [.. Enumerable.Range(0, 2 * 16 * 16).Select(i => Math.Sin(i * i))];
        byte[] whole = writer.File(writer.Compress(writer.Doubles("IMAGES", [16, 16, 2], values)));
        values[7] = double.NaN;
        byte[][] damaged =
        [
            [], whole[..100], whole[..200], whole[..^9], Encoding.ASCII.GetBytes("MATLAB 7.3 MAT-file".PadRight(1000)),
            writer.File(writer.Doubles("PICTURES", [16, 16, 2], values)), writer.File(writer.Doubles("IMAGES", [16, 16, 2], values)),
            writer.File(writer.Doubles("IMAGES", [int.MaxValue, int.MaxValue, 2], values)), writer.File(writer.Doubles("IMAGES", [4, 4, 1], values[..16])),
        ];
        foreach (byte[] bytes in damaged) await RefusesToTrainOn(scratch.Write("images.mat", bytes), "images.mat");
        (await Vsc.Run(TinyData.Train(scratch.Write("images.mat", whole), scratch.File("run"), "--patch-size", "8"))).Succeeded();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1, 2]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{ \"seed\": 1, \"seed\": 2 }")]
    [InlineData("{ \"schedule\": { \"epochs\": 1, \"epochs\": 2 } }")]
    [InlineData("{ \"seed\": 1e999 }")]
    [InlineData("{ \"method\": null }")]
    [InlineData("{ \"method\": [] }")]
    [InlineData("{ \"fidelity\": 1 }")]
    [InlineData("{ \"schedule\": null }")]
    [InlineData("{ \"schedule\": { \"learningRate\": 1e999 } }")]
    [InlineData("{ \"objective\": { \"lambda\": \"20\" } }")]
    public async Task Damaged_experiments(string text)
    {
        string file = scratch.File("experiment.json");
        File.WriteAllText(file, text);
        (await Vsc.Run("train", file, "--output", scratch.File("run"))).Refused(file);
        Assert.Equal([file], Directory.GetFileSystemEntries(scratch.Path));
    }

    [Fact]
    public async Task Experiments_that_are_no_text()
    {
        string file = scratch.Write("experiment.json", new byte[2 << 20]);
        (await Vsc.Run("train", file, "--output", scratch.File("run"))).Refused(file, "larger than");
        File.WriteAllText(file, string.Concat(Enumerable.Repeat("{\"a\":", 5000)));
        (await Vsc.Run("train", file, "--output", scratch.File("run"))).Refused(file);
        (await Vsc.Run("train", scratch.Path, "--output", scratch.File("run"))).Refused(scratch.Path, "is a folder");
    }

    [Fact]
    public async Task Folders_that_cannot_be_written()
    {
        string matrix = TinyData.WriteMatrix(scratch), below = Path.Combine(matrix, "run");
        (await Vsc.Run(TinyData.Train(matrix, below))).Refused(below, "cannot be written");
    }

    [LinuxFact]
    public async Task Folders_that_no_user_can_write()
    {
        // No user may make folders there, root included.
        string matrix = TinyData.WriteMatrix(scratch);
        (await Vsc.Run(TinyData.Train(matrix, "/proc/run"))).Refused("/proc/run", "cannot be written");
        (await Vsc.Run("data", "natural-images", "-o", "/proc/images")).Refused("/proc/images", "cannot be written");
    }

    [Fact]
    public async Task A_loss_that_becomes_infinite_stops_the_run_with_its_cause()
    {
        string matrix = TinyData.WriteMatrix(scratch), run = scratch.File("run");
        var outcome = await Vsc.Run(TinyData.Train(matrix, run, "--set", "schedule.learningRate=1e6", "--set", "schedule.stepSizes=fixed"));
        outcome.Failed(ExitCode.Failed, "became", "step", "schedule.learningRate");
        Assert.Empty(TrainedRun.TemporaryFiles(run));
    }

    [Trait("Category", "Slow")]
    [Fact, Trait("Fault", "C1")]
    public async Task A_run_that_begins_to_diverge_goes_back_and_says_so_in_a_line()
    {
        string matrix = TinyData.WriteMatrix(scratch), run = scratch.File("run");
        var outcome = await Vsc.Run(TinyData.Train(matrix, run, "--set", "schedule.learningRate=30"));
        outcome.Done();
        Assert.Contains("training began to diverge at step", outcome.Error, StringComparison.Ordinal);
    }
}
