using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Tests.Faults;

/// <summary>Crashes and hangs. Faults of version 0.1; the trait is the fault's number in docs/limits.md. With that version as VSC_TESTED_PROGRAM every test fails.</summary>
[Collection(TrainedRunTests.Name)]
[Trait("Category", "Slow")]
public sealed class CrashTests(TrainedRun trained) : IDisposable
{
    private const int Atoms = 8;
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact, Trait("Fault", "B8")]
    public async Task Codes_without_rows_are_refused()
    {
        Npz.Write(scratch.File("codes.npz"), new CsrBuilder(Atoms).Build());
        (await Vsc.Run("decode", trained.Run, scratch.File("codes.npz"), "-o", scratch.File("x.npy"))).Refused("codes.npz", "has no rows");
    }

    [Fact, Trait("Fault", "B5")]
    public async Task Experiments_with_a_byte_order_mark_are_read_and_those_that_are_not_text_are_refused()
    {
        byte[] text = Encoding.UTF8.GetBytes($$"""{ "data": { "source": "{{trained.Matrix}}" } }""");
        string[] words = TinyData.Train(trained.Matrix, scratch.File("run"))[3..];
        (await Vsc.Run(["train", scratch.Write("marked.json", [0xef, 0xbb, 0xbf, .. text]), .. words])).Succeeded();
        (await Vsc.Run("train", scratch.Write("invalid.json", [(byte)'{', (byte)'"', 0xff, (byte)'"', (byte)':', (byte)'1', (byte)'}']), "--output", scratch.File("other"))).Refused("invalid.json", "UTF-8");
    }

    [Fact, Trait("Fault", "B12")]
    public async Task Runs_that_begin_at_once_take_different_folders()
    {
        const int runs = 8;
        string[] words = ["train", .. TinyData.Train(trained.Matrix, "").Where(word => word.Length > 0 && word is not ("train" or "--output"))];
        var outcomes = await Task.WhenAll(Enumerable.Range(0, runs).Select(_ => Vsc.Start(scratch.Path, words).Finish(TimeSpan.FromMinutes(5))));
        foreach (var outcome in outcomes) outcome.Succeeded();
        Assert.Equal(runs, Directory.GetDirectories(scratch.File("runs")).Length);
    }

    [Fact, Trait("Fault", "B6")]
    public async Task Every_number_of_an_experiment_has_bounds()
    {
        string[] words = TinyData.Train(trained.Matrix, scratch.File("run"));
        var wrong = new List<string>();
        foreach (string setting in Doubles())
            foreach (string value in new[] { "1e300", "-1e300", "1e30" })
            {
                var outcome = await Vsc.Run([.. words, "--set", $"{setting}={value}"]);
                string[] lines = outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
                // Another setting may be out of place beside this one; then both are named.
                if (outcome.Code != ExitCode.BadInput || !lines.Any(line => line.Contains(setting, StringComparison.Ordinal)))
                    wrong.Add($"{setting}={value}: exit code {outcome.Code}: {lines.FirstOrDefault()}");
                if (Directory.Exists(scratch.File("run"))) Directory.Delete(scratch.File("run"), recursive: true);
            }
        Assert.Empty(wrong);
    }

    [Fact, Trait("Fault", "B6")]
    public async Task A_number_out_of_bounds_in_a_model_is_refused()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run"), experiment = Path.Combine(run, "experiment.json"), checkpoint;
        using (var folder = RunFolder.Open(run)) checkpoint = folder.NewestCheckpoint!;
        string Absurd(string json)
        {
            var described = JsonNode.Parse(json)!;
            described["posterior"]!["thresholdValue"] = 1e308;
            return described.ToJsonString();
        }
        var (tensors, metadata) = Safetensors.Read(checkpoint);
        Safetensors.Write(checkpoint, tensors.Values, metadata.ToDictionary(pair => pair.Key, pair => pair.Key == "experiment" ? Absurd(pair.Value) : pair.Value));
        (await Vsc.Run("encode", run, trained.Matrix, "-o", scratch.File("codes.npy"))).Refused(checkpoint, "posterior.thresholdValue");
        File.WriteAllText(experiment, Absurd(File.ReadAllText(experiment)));
        (await Vsc.Run("encode", run, trained.Matrix, "-o", scratch.File("codes.npy"))).Refused(experiment, "posterior.thresholdValue");
    }

    private static IEnumerable<string> Doubles() => Doubles(Experiments.ExperimentJson.ToJson(new()), "");

    private static IEnumerable<string> Doubles(JsonObject section, string prefix) => section.SelectMany(pair => pair.Value switch
    {
        JsonObject inner => Doubles(inner, $"{prefix}{pair.Key}."),
        JsonValue value when value.TryGetValue(out double _) => [prefix + pair.Key],
        _ => [],
    });

    private static readonly Dictionary<string, Func<byte[], byte[]>> Damages = new()
    {
        ["declares 4 GB"] = zip => With(zip, Central(zip) + 24, 0xfffffff0),
        ["declares 2 GB"] = zip => With(zip, Central(zip) + 24, 0x80000000),
        ["declares 100 MB"] = zip => With(zip, Central(zip) + 24, 100_000_000),
        ["declares nothing"] = zip => With(zip, Central(zip) + 24, 0),
        ["is cut"] = zip => zip[..(zip.Length / 2)],
        ["is empty"] = _ => [],
        ["begins elsewhere"] = zip => With(zip, Central(zip) + 42, 0x7fffffff),
        ["is packed in a way nobody knows"] = zip => With(zip, Central(zip) + 10, 99),
        ["counts too many"] = zip => With(zip, zip.Length - 22 + 8, 0xffff_ffff),
        ["has a directory beyond its end"] = zip => With(zip, zip.Length - 22 + 16, 0xfffffff0),
        ["has damaged content"] = zip => [.. zip[..200], .. new byte[1000], .. zip[1200..]],
    };

    [LinuxFact, Trait("Fault", "B4"), Trait("Fault", "B8")]
    public async Task A_damaged_archive_is_named_in_one_line()
    {
        const long most = 300L << 20;
        string folder = Directory.CreateDirectory(scratch.File("faces")).FullName, archive = Path.Combine(folder, Faces.Archive);
        Faces.Write(folder);
        byte[] whole = File.ReadAllBytes(archive);
        foreach (var (damage, apply) in Damages)
        {
            File.WriteAllBytes(archive, apply(whole));
            var outcome = await Vsc.Start(scratch.Path, ["data", "celeba", "--root", folder], ("XDG_CACHE_HOME", scratch.File("cache"))).FinishWithin(most);
            Assert.True(outcome.Code == ExitCode.BadInput, $"an archive that {damage}: exit code {outcome.Code}: {outcome.Error}");
            outcome.Refused(Faces.Archive);
        }
    }

    [LinuxFact, Trait("Fault", "B4")]
    public async Task An_archive_of_nothing_but_zeros_takes_no_memory()
    {
        const long most = 400L << 20, zeros = 1_900_000_000;
        string folder = Directory.CreateDirectory(scratch.File("faces")).FullName;
        Faces.WriteLists(folder);
        byte[] block = new byte[1 << 20];
        using (var archive = ZipFile.Open(Path.Combine(folder, Faces.Archive), ZipArchiveMode.Create))
            for (int i = 0; i < Faces.Count; i++)
            {
                using var entry = archive.CreateEntry($"img_align_celeba/{i}.png", CompressionLevel.Fastest).Open();
                // One that is so large is enough.
                for (long left = i == 0 ? zeros : 1000; left > 0; left -= block.Length) entry.Write(block, 0, (int)Math.Min(block.Length, left));
            }
        (await Vsc.Start(scratch.Path, ["data", "celeba", "--root", folder], ("XDG_CACHE_HOME", scratch.File("cache"))).FinishWithin(most)).Refused(Faces.Archive);
    }

    [LinuxFact, Trait("Fault", "E2")]
    public async Task A_data_file_that_is_cut_short_during_training_is_an_error_in_one_line()
    {
        string matrix = TinyData.WriteMatrix(scratch, rows: 60_000);
        var process = Vsc.Start(scratch.Path, ["train", "--data", matrix, "--output", scratch.File("run"), "--train-patches", "50000", "--validation-patches", "20", "--atoms", "8", Vsc.Draws, "2", "--epochs", "100000", "--threads", "1"]);
        await process.Line("epoch 1 ");
        using (var file = new FileStream(matrix, FileMode.Open, FileAccess.Write)) file.SetLength(4096);
        (await process.Finish()).Failed(ExitCode.Failed, matrix, "cut short");
    }

    // Where the entry of the first image begins in the archive's directory.
    private static int Central(byte[] zip) => zip.AsSpan().IndexOf("PK\u0001\u0002"u8);

    private static byte[] With(byte[] zip, int position, uint value)
    {
        byte[] changed = [.. zip];
        BitConverter.TryWriteBytes(changed.AsSpan(position), value);
        return changed;
    }
}
