using System.Text.Json.Nodes;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Tests.Commands;

/// <summary>encode and decode.</summary>
[Collection(TrainedRunTests.Name)]
public class CodeCommandTests(TrainedRun trained) : IDisposable
{
    private const int Atoms = 8;
    private readonly ScratchFolder scratch = new();

    public void Dispose()
    {
        scratch.Dispose();
        GC.SuppressFinalize(this);
    }

    private Task<Outcome> Encode(string input, string output, params string[] more) => Vsc.Run(["encode", trained.Run, input, "--output", scratch.File(output), .. more]);

    private float[] Read(string name)
    {
        using var matrix = NpyMatrix.Open(scratch.File(name));
        float[] values = new float[matrix.Rows * matrix.Columns];
        matrix.CopyRows(0, (int)matrix.Rows, values);
        return values;
    }

    [Fact]
    public async Task Dense_and_sparse_codes_agree_and_so_do_their_decodings()
    {
        string told = (await Encode(trained.Matrix, "codes.npy")).Succeeded().Output;
        (await Encode(trained.Matrix, "codes.npz")).Succeeded();
        float[] dense = Read("codes.npy");
        Assert.Equal(TinyData.Rows * Atoms, dense.Length);
        var sparse = Npz.Read(scratch.File("codes.npz"));
        Assert.Equal((TinyData.Rows, Atoms, dense.Count(value => value != 0)), (sparse.Rows, sparse.Columns, sparse.Values.Length));
        float[] row = new float[Atoms];
        for (int i = 0; i < TinyData.Rows; i++)
        {
            sparse.CopyRow(i, row);
            Assert.Equal(dense[(i * Atoms)..((i + 1) * Atoms)], row);
        }
        Assert.Contains(FormattableString.Invariant($"{TinyData.Rows} codes of {Atoms} atoms, {100.0 * sparse.Values.Length / dense.Length:F2}% active"), told, StringComparison.Ordinal);
        Assert.InRange(sparse.Values.Length, 1, dense.Length - 1);

        foreach (string codes in new[] { "codes.npy", "codes.npz" }) (await Vsc.Run("decode", trained.Run, scratch.File(codes), "-o", scratch.File(codes + ".decoded.npy"))).Succeeded();
        Assert.Equal(File.ReadAllBytes(scratch.File("codes.npy.decoded.npy")), File.ReadAllBytes(scratch.File("codes.npz.decoded.npy")));
    }

    [Fact]
    public async Task Refined_codes_end_at_the_optimum()
    {
        foreach (var (name, options) in new (string, string[])[] { ("0.npy", ["--codes", "best"]), ("5.npy", ["--codes", "best", "--refine", "5"]), ("converged.npy", ["--refine", "converged"]), ("fista.npy", ["--codes", "fista"]) })
            (await Encode(trained.Matrix, name, options)).Succeeded();
        float[] optimum = Read("fista.npy"), converged = Read("converged.npy");
        double Distance(float[] codes) => codes.Zip(optimum, (a, b) => (double)(a - b) * (a - b)).Sum();
        Assert.True(Distance(Read("5.npy")) < Distance(Read("0.npy")));
        Assert.InRange(Distance(converged), 0, 1e-4 * (1 + optimum.Sum(code => (double)code * code)));
        Assert.Contains("--refine x: must be", (await Encode(trained.Matrix, "x.npy", "--refine", "x")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decode_multiplies_by_the_dictionary_and_undoes_the_standardisation()
    {
        (await Encode(trained.Matrix, "codes.npy")).Succeeded();
        (await Vsc.Run("decode", trained.Run, scratch.File("codes.npy"), "-o", scratch.File("decoded.npy"))).Succeeded();
        using var folder = RunFolder.Open(trained.Run);
        var (tensors, _) = Safetensors.Read(folder.NewestCheckpoint!);
        float[] dictionary = tensors["dictionary"].Floats.ToArray(), codes = Read("codes.npy"), decoded = Read("decoded.npy");
        double[] mean = tensors["preprocessing.mean"].Doubles.ToArray(), deviation = tensors["preprocessing.deviation"].Doubles.ToArray();
        Assert.Equal(TinyData.Rows * TinyData.Columns, decoded.Length);
        for (int row = 0; row < TinyData.Rows; row++)
            for (int column = 0; column < TinyData.Columns; column++)
            {
                double sum = Enumerable.Range(0, Atoms).Sum(atom => (double)dictionary[column * Atoms + atom] * codes[row * Atoms + atom]);
                Assert.Equal(sum * deviation[column] + mean[column], decoded[row * TinyData.Columns + column], 1e-4);
            }
    }

    [Fact]
    public async Task Converged_codes_of_the_validation_samples_are_those_of_the_evaluation()
    {
        using var folder = RunFolder.Open(trained.Run);
        using var data = DataSets.Open(folder.Experiment.Data, folder.Experiment.Seed);
        float[] samples = new float[data.Validation.Count * data.Validation.Dimension];
        data.Validation.CopyRows([.. Enumerable.Range(0, data.Validation.Count)], samples);
        data.Preprocessing.Restore(samples);
        Npy.Write<float>(scratch.File("validation.npy"), samples, data.Validation.Dimension);
        (await Encode(scratch.File("validation.npy"), "codes.npy", "--codes", "fista")).Succeeded();
        double l1 = Read("codes.npy").Sum(value => (double)Math.Abs(value)) / data.Validation.Count;
        var evaluation = JsonNode.Parse(File.ReadAllText(Path.Combine(trained.Run, "evaluation.json")))!;
        Assert.Equal((double)evaluation["l1_fista"]!, l1, 1e-3 * l1);
    }

    [Fact]
    public async Task Codes_can_be_repeated_and_another_seed_draws_others()
    {
        foreach (var (name, seed) in new[] { ("a", "7"), ("b", "7"), ("c", "8") }) (await Encode(trained.Matrix, name + ".npy", "--codes", "best", "--seed", seed)).Succeeded();
        Assert.Equal(File.ReadAllBytes(scratch.File("a.npy")), File.ReadAllBytes(scratch.File("b.npy")));
        Assert.NotEqual(File.ReadAllBytes(scratch.File("a.npy")), File.ReadAllBytes(scratch.File("c.npy")));
        (await Encode(trained.Matrix, "default.npy", "--codes", "best")).Succeeded();
        (await Encode(trained.Matrix, "run.npy", "--codes", "best", "--seed", "0")).Succeeded();
        Assert.Equal(File.ReadAllBytes(scratch.File("default.npy")), File.ReadAllBytes(scratch.File("run.npy")));
    }

    [Fact]
    public async Task Every_kind_of_codes_can_be_had()
    {
        var codes = new Dictionary<string, float[]>();
        foreach (string kind in new[] { "best", "draw", "mean", "mode", "map", "fista" })
        {
            (await Encode(trained.Matrix, kind + ".npy", "--codes", kind)).Succeeded();
            codes[kind] = Read(kind + ".npy");
            Assert.Equal(TinyData.Rows * Atoms, codes[kind].Length);
            // Where activity is noise, the mode may be empty.
            if (kind != "mode") Assert.True(Array.Exists(codes[kind], value => value != 0), kind);
        }
        // The optimum at the lambda that the posterior implies may be the one at the run's own.
        Assert.Equal(codes.Count - 1, codes.Where(entry => entry.Key != "map").Select(entry => string.Join(' ', entry.Value)).Distinct().Count());
        (await Encode(trained.Matrix, "default.npy")).Succeeded();
        Assert.Equal(codes["map"], Read("default.npy"));
        (await Encode(trained.Matrix, "one.npy", "--codes", "best", "--draws", "1")).Succeeded();
        Assert.Equal(codes["draw"], Read("one.npy"));
        (await Encode(trained.Matrix, "former.npy", "--codes", "sample")).Succeeded();
        Assert.Equal(codes["draw"], Read("former.npy"));
    }

    [Fact]
    public async Task The_code_of_a_row_does_not_depend_on_the_rows_after_it()
    {
        (await Encode(trained.Matrix, "all.npy")).Succeeded();
        using (var matrix = NpyMatrix.Open(trained.Matrix))
        {
            float[] first = new float[5 * TinyData.Columns];
            matrix.CopyRows(0, 5, first);
            Npy.Write<float>(scratch.File("first.npy"), first, TinyData.Columns);
        }
        (await Encode(scratch.File("first.npy"), "some.npy")).Succeeded();
        float[] all = Read("all.npy"), some = Read("some.npy");
        for (int i = 0; i < some.Length; i++) Assert.Equal(all[i], some[i], 1e-5);
    }

    [Fact]
    public async Task A_folder_of_images_is_cut_into_patches()
    {
        string images = Directory.CreateDirectory(scratch.File("images")).FullName, run = scratch.File("run");
        TinyData.WriteImage(Path.Combine(images, "a.png"), 24, 20, 1);
        TinyData.WriteImage(Path.Combine(images, "b.png"), 17, 30, 2);
        File.WriteAllText(Path.Combine(images, "notes.txt"), "passed over");
        (await Vsc.Run(TinyData.Train(images, run, "--patch-size", "4"))).Succeeded();
        foreach (var (output, more, patches) in new[] { ("grid.npy", (string[])[], 6 * 5 + 4 * 7), ("dense.npz", ["--stride", "1"], 21 * 17 + 14 * 27), ("wide.npy", ["--stride", "8"], 3 * 3 + 2 * 4) })
        {
            string told = (await Vsc.Run(["encode", run, images, "-o", scratch.File(output), .. more])).Succeeded().Output;
            Assert.Contains($"{patches} codes", told, StringComparison.Ordinal);
        }
        (await Vsc.Run("encode", run, Path.Combine(images, "b.png"), "-o", scratch.File("b.npy"))).Succeeded();
        Assert.Equal(4 * 7 * Atoms, Read("b.npy").Length);
        (await Vsc.Run("decode", run, scratch.File("grid.npy"), "-o", scratch.File("patches.npy"))).Succeeded();
        Assert.Equal((6 * 5 + 4 * 7) * 16, Read("patches.npy").Length);
    }

    [Theory]
    [InlineData("--codes best --draws 0", "Draws: must lie between 1 and 10000, not 0")]
    [InlineData("--codes median", "map, mean, mode, encoder, fista, best, draw or probability")]
    [InlineData("--stride 0", "stride")]
    public async Task A_bad_option_is_refused(string words, string part)
    {
        (await Encode(trained.Matrix, "codes.npy", TinyData.Words(words))).Refused(part);
        Assert.Empty(Directory.GetFileSystemEntries(scratch.Path));
    }

    [Fact]
    public async Task Files_of_other_endings_or_sizes_are_refused()
    {
        (await Encode(trained.Matrix, "codes.txt")).Refused("codes.txt", ".npy", ".npz");
        (await Encode(scratch.File("nowhere.npy"), "codes.npy")).Refused("nowhere.npy", "no such file");
        (await Encode(TinyData.WriteMatrix(scratch, "wide.npy", columns: 7), "codes.npy")).Refused("wide.npy", "7", "6");
        (await Encode("natural-images", "codes.npy")).Refused("natural-images", "vectors of 6 values");
        (await Vsc.Run("decode", trained.Run, trained.Matrix, "-o", scratch.File("x.npy"))).Refused("matrix.npy", "6 columns", "8 atoms");
        (await Vsc.Run("decode", trained.Run, trained.Matrix, "-o", scratch.File("x.npz"))).Refused("x.npz", ".npy");
        (await Vsc.Run("decode", trained.Run, scratch.File("nowhere.npz"), "-o", scratch.File("x.npy"))).Refused("nowhere.npz", "no such file");
        Assert.Equal([scratch.File("wide.npy")], Directory.GetFileSystemEntries(scratch.Path));
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_is_refused()
    {
        string file = scratch.Write("file", [1]);
        (await Vsc.Run("encode", trained.Run, trained.Matrix, "-o", Path.Combine(file, "codes.npy"))).Refused(Path.Combine(file, "codes.npy"), "cannot be written");
        Directory.CreateDirectory(scratch.File("codes.npz"));
        (await Encode(trained.Matrix, "codes.npz")).Refused("codes.npz", "is a folder");
        Assert.Empty(TrainedRun.TemporaryFiles(scratch.Path));
    }
}
