using System.Diagnostics;
using System.Globalization;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Full.Tests;

/// <summary>
/// SIGKILL at random moments, of runs of every kind: resumed, they end with the files of the uninterrupted run, byte for byte. VSC_KILLS=100 kills each kind a hundred times;
/// VSC_KILLS_SEED chooses other moments.
/// </summary>
[Trait("Category", "Slow")]
public sealed class KillTests : IDisposable
{
    // Kinds that differ from another only in the method, and one that keeps nothing to go on from.
    private static readonly string[] OnRequest = ["fista", "learned thresholds", "spike-and-slab", "synthetic"];

    private const int FewKills = 2, LongestStart = 1500, LongestStep = 400, PollEvery = 5;
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(3), LongestProgress = TimeSpan.FromSeconds(30);
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    /// <summary>Kinds of runs: the words of the command with a number that makes it longer, and a number with which it takes about as long as it must on a fast machine.</summary>
    public static TheoryData<string, string, int> Kinds => new()
    {
        { "variational", "train --data MATRIX --epochs NUMBER", 256 },
        { "fista", "train --data MATRIX --method fista --set objective.lambda=0.5 --epochs NUMBER", 256 },
        { "learned thresholds", "train --data MATRIX --method thresholded-gaussian-gamma --epochs NUMBER", 64 },
        { "spike-and-slab", "train --data MATRIX --method spike-and-slab --epochs NUMBER", 256 },
        { "learned prior", "train --data MATRIX --set prior.kind=vamp --set prior.components=8 --epochs NUMBER", 16 },
        { "convolutional", "train --images IMAGES --image-size 28 --train-images 40 --validation-images 10 --atoms 4 --batch-size 10 --epochs NUMBER", 8 },
        { "a file of many samples", "train --data LARGE --epochs NUMBER", 16 },
        { "reproduce", "reproduce figure18 --schedule smoke --seeds 0 --images PICTURE --snr-passes 3", 1 },
        { "synthetic", "synthetic --set easy --methods thresholded-laplacian,fista --epochs NUMBER", 4 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_run_killed_again_and_again_ends_as_the_uninterrupted_one(string kind, string line, int least)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs the signals of Linux");
        // It trains anew each time, and has nothing to go on from.
        bool isStateless = line.StartsWith("synthetic", StringComparison.Ordinal);
        Assert.SkipWhen(OnRequest.Contains(kind) && Environment.GetEnvironmentVariable("VSC_KILLS") is null, "one of many like it, or slow: runs where VSC_KILLS is set");
        int kills = Number("VSC_KILLS", FewKills);
        var random = new System.Random(Number("VSC_KILLS_SEED", 1) + kind.Length);
        WriteData(line);
        string reference = scratch.File("reference");
        int number = await Uninterrupted(line, least, reference);
        var expected = Files(reference);
        Assert.NotEmpty(expected);
        int killed = 0, saved = 0;
        for (int run = 0; killed < kills; run++)
        {
            string folder = scratch.File($"run-{run}");
            while (killed < kills)
            {
                using var process = Vsc.Start(scratch.Path, Words(line, folder, number));
                (_, _) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
                // Half of the kills fall soon after something was saved, the others anywhere.
                string before = Progress(folder);
                bool waits = killed % 2 == 0;
                long began = Stopwatch.GetTimestamp();
                while (waits && !process.HasExited && Progress(folder) == before && Stopwatch.GetElapsedTime(began) < LongestProgress) await Task.Delay(PollEvery);
                await Task.Delay(random.Next(waits ? LongestStep : LongestStart));
                if (process.HasExited) break;
                process.Kill();
                await process.WaitForExitAsync();
                killed++;
                if (Progress(folder).Length > 0) saved++;
            }
            (await Vsc.Start(scratch.Path, Words(line, folder, number)).Finish()).Succeeded();
            var actual = Files(folder);
            Assert.Equal(expected.Keys, actual.Keys);
            foreach (var (name, hash) in expected) Assert.True(hash == actual[name], $"{kind}: {name} differs after {killed} kills");
            if (!isStateless) Assert.Empty(TrainedRun.TemporaryFiles(folder));
            Directory.Delete(folder, recursive: true);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {killed} kills, {saved} of them after something was saved; all ends identical");
        Assert.True(isStateless || saved > 0, "no kill fell between the first file and the last");
    }

    /// <summary>Runs the command to its end, with so large a number that it takes a few seconds.</summary>
    private async Task<int> Uninterrupted(string line, int least, string folder)
    {
        for (int number = least; ; number *= 2)
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            long began = Stopwatch.GetTimestamp();
            (await Vsc.Start(scratch.Path, Words(line, folder, number)).Finish()).Succeeded();
            if (!line.Contains("NUMBER", StringComparison.Ordinal) || Stopwatch.GetElapsedTime(began) > LeastTime) return number;
        }
    }

    private string[] Words(string line, string folder, int number)
    {
        bool trains = line.StartsWith("train", StringComparison.Ordinal);
        if (trains && File.Exists(Path.Combine(folder, "experiment.json"))) return ["resume", folder];
        string[] words = [.. TinyData.Words(line).Select(word => word switch
        {
            "NUMBER" => number.ToString(CultureInfo.InvariantCulture),
            "MATRIX" => scratch.File("matrix.npy"),
            "LARGE" => scratch.File("large.npy"),
            "IMAGES" => scratch.File("images"),
            "PICTURE" => scratch.File("image.png"),
            _ => word,
        })];
        // Steps that are short of those by default, so that no method diverges.
        string[] small = ["--threads", "1", "--set", "schedule.learningRate=1e-3", "--set", "schedule.dictionaryStep=0.02"];
        string[] linear = line.Contains("IMAGES", StringComparison.Ordinal) ? [] : ["--atoms", "32", "--batch-size", "50"];
        return line.StartsWith("synthetic", StringComparison.Ordinal) ? [.. words, "-o", Path.Combine(folder, "results.json")]
            : [.. words, "--output", folder, .. trains ? [.. small, .. linear] : new[] { "--threads", "1" }];
    }

    private void WriteData(string line)
    {
        TinyData.WriteMatrix(scratch, rows: 600, columns: 24);
        if (line.Contains("LARGE", StringComparison.Ordinal)) TinyData.WriteMatrix(scratch, "large.npy", rows: 20_000, columns: 24);
        TinyData.WriteImage(scratch.File("image.png"), 40, 40);
        Directory.CreateDirectory(scratch.File("images"));
        for (int i = 0; i < 50; i++) TinyData.WriteImage(scratch.File($"images/{i}.png"), 30, 30, i);
    }

    /// <summary>Something that changes whenever a file is saved.</summary>
    private static string Progress(string folder) => !Directory.Exists(folder) ? "" : string.Join('\n', Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => !AtomicFile.IsTemporary(file) && (file.EndsWith(".safetensors", StringComparison.Ordinal) || file.Contains("results", StringComparison.Ordinal))).Order(StringComparer.Ordinal));

    /// <summary>Hashes of what a run leaves: the last checkpoints, tables, evaluations, results.</summary>
    private static SortedDictionary<string, string> Files(string folder)
    {
        SortedDictionary<string, string> hashes = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(folder, file);
            bool isLast = Path.GetExtension(name) == ".safetensors" && file == Directory.EnumerateFiles(Path.GetDirectoryName(file)!, "*.safetensors").Order(StringComparer.Ordinal).Last();
            if (isLast || Path.GetFileName(name) is "metrics.csv" or "evaluation.json" or "results.json" || name.Contains("results", StringComparison.Ordinal))
                hashes[name] = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)));
        }
        return hashes;
    }

    private static int Number(string variable, int byDefault) => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : byDefault;
}
