using System.Globalization;
using System.Text.RegularExpressions;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Tests.Faults;

/// <summary>What was said wrongly, or not at all. Faults of version 0.1; the trait is the fault's number in docs/limits.md. With that version as VSC_TESTED_PROGRAM every test fails.</summary>
[Collection(TrainedRunTests.Name)]
[Trait("Category", "Slow")]
public sealed class WordsTests(TrainedRun trained) : IDisposable
{
    private static readonly string[] Cautious = ["--set", "schedule.learningRate=1e-6", "--set", "schedule.dictionaryStep=0"];
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact, Trait("Fault", "D2")]
    public async Task A_file_of_a_newer_version_is_refused_without_advice_that_destroys_it()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run"), checkpoint;
        using (var folder = RunFolder.Open(run)) checkpoint = folder.NewestCheckpoint!;
        var (tensors, metadata) = Safetensors.Read(checkpoint);
        Safetensors.Write(checkpoint, tensors.Values, new Dictionary<string, string>(metadata) { ["version"] = "2" });
        byte[] before = File.ReadAllBytes(checkpoint);
        File.WriteAllText(Path.Combine(run, "experiment.json"), File.ReadAllText(Path.Combine(run, "experiment.json")).Replace("\"epochs\": 3", "\"epochs\": 4", StringComparison.Ordinal));
        var outcome = await Vsc.Run("resume", run);
        Assert.DoesNotContain("delete", outcome.Error, StringComparison.Ordinal);
        outcome.Refused(checkpoint, "another version", "use that version");
        Assert.Equal(before, File.ReadAllBytes(checkpoint));
    }

    [Fact, Trait("Fault", "D4")]
    public async Task A_report_that_goes_elsewhere_leaves_the_run_as_it_is()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run"), page = scratch.File("mine.html");
        File.Delete(Path.Combine(run, "dictionary.png"));
        string[] before = [.. Directory.GetFiles(run, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        (await Vsc.Run("report", run, "-o", page)).Succeeded();
        Assert.Equal(before, Directory.GetFiles(run, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
        Assert.True(File.Exists(page));
    }

    [Fact, Trait("Fault", "D6")]
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

    [Fact, Trait("Fault", "D7")]
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

    [Fact, Trait("Fault", "D12")]
    public async Task A_number_too_large_for_single_precision_is_called_by_its_name()
    {
        double[] values = [.. Enumerable.Range(0, TinyData.Rows * TinyData.Columns).Select(i => Math.Sin(i * i))];
        values[4 * TinyData.Columns + 2] = 1e300;
        Npy.Write<double>(scratch.File("large.npy"), values, TinyData.Columns);
        (await Vsc.Run(TinyData.Train(scratch.File("large.npy"), scratch.File("run")))).Refused("large.npy", "row 4, column 2", "1E+300");
    }

    [LinuxFact, Trait("Fault", "D1")]
    public async Task A_time_left_above_a_day_has_its_days()
    {
        const int rows = 50_000, epochs = 100_000;
        string matrix = TinyData.WriteMatrix(scratch, rows: rows + 20);
        var process = Vsc.Start(scratch.Path, ["train", "--data", matrix, "--output", scratch.File("run"), "--train-patches", $"{rows}", "--validation-patches", "20", "--batch-size", "1", "--atoms", "64", Vsc.Draws, "20", "--epochs", $"{epochs}", "--threads", "1", .. Cautious]);
        string line = await process.Line("epoch 1 ");
        process.Signal("TERM");
        await process.Finish();
        var parts = Regex.Match(line, @"\| (?<rate>[\d.]+) steps/s  ((?<days>\d+)d )?(?<hours>\d\d):(?<minutes>\d\d):(?<seconds>\d\d) left");
        Assert.True(parts.Success, line);
        double Number(string name) => parts.Groups[name].Success ? double.Parse(parts.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
        double told = ((Number("days") * 24 + Number("hours")) * 60 + Number("minutes")) * 60 + Number("seconds"), expected = rows * (epochs - 1.0) / Number("rate");
        Assert.True(expected > TimeSpan.FromDays(1).TotalSeconds, $"this machine is too fast for the test: {line}");
        Assert.InRange(told, 0.95 * expected, 1.05 * expected);
    }

    [LinuxFact, Trait("Fault", "D3")]
    public async Task A_read_only_disk_is_called_so()
    {
        string run = TrainedRun.Copy(trained.Run, scratch, "run");
        var outcome = await Mounted($"mount --bind {run} {run} && mount -o remount,ro,bind {run}", "resume", run);
        outcome.Refused(run, "cannot be written", "ead-only");
        Assert.DoesNotContain("another process", outcome.Error, StringComparison.Ordinal);
    }

    [LinuxFact, Trait("Fault", "D9")]
    public async Task A_full_disk_is_named_with_what_to_do()
    {
        string small = Directory.CreateDirectory(scratch.File("small")).FullName, run = Path.Combine(small, "run");
        // The dictionary alone takes more.
        string matrix = TinyData.WriteMatrix(scratch, columns: 100);
        var outcome = await Mounted($"mount -t tmpfs -o size=300k none {small}", TinyData.Train(matrix, run, ["--set", "generator.atoms=600", .. Cautious]));
        outcome.Failed(ExitCode.Failed, "free space");
        Assert.Contains($"'{Vsc.Name} resume {run}'", outcome.Output, StringComparison.Ordinal);
    }

    [LinuxFact, Trait("Fault", "D13")]
    public async Task Without_a_home_folder_the_variable_that_replaces_it_is_named()
    {
        string folder = Directory.CreateDirectory(scratch.File("faces")).FullName, here = Directory.CreateDirectory(scratch.File("here")).FullName;
        Faces.Write(folder);
        await RequireNamespaces();
        // A user whom no list of users knows has none.
        string[] words = ["--map-user=12345", "env", "-u", "HOME", "-u", "XDG_CACHE_HOME", "dotnet", Vsc.Program, "data", "celeba", "--root", folder];
        (await Vsc.Start("unshare", here, words).Finish()).Refused("XDG_CACHE_HOME");
        Assert.Empty(Directory.GetFileSystemEntries(here));
    }

    [Fact, Trait("Fault", "D14")]
    public async Task Doctor_is_not_misled_by_the_settings_of_another_project()
    {
        File.WriteAllText(scratch.File("global.json"), """{ "sdk": { "version": "99.0.100", "rollForward": "disable" } }""");
        var outcome = await Vsc.Start(scratch.Path, ["doctor"]).Finish();
        Assert.DoesNotContain("install the .NET", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("install the SDK", outcome.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Matches(@"(?m)^ok +SDK", outcome.Output);
    }

    [LinuxFact, Trait("Fault", "D15")]
    public async Task Numbers_stay_whole_in_a_narrow_terminal()
    {
        string wide = (await Vsc.Run("evaluate", trained.Run)).Succeeded().Output;
        string[] numbers = [.. wide.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 4 && double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _)).Distinct()];
        Assert.True(numbers.Length > 10, wide);
        string terminal = $"stty cols 40 && dotnet {Vsc.Program} evaluate {trained.Run}";
        string narrow = (await Vsc.Start("script", scratch.Path, ["-qec", terminal, "/dev/null"], ("TERM", "xterm")).Finish()).Output;
        foreach (string number in numbers) Assert.Contains(number, narrow, StringComparison.Ordinal);
    }

    /// <summary>Runs a command where a disk was mounted that only it sees.</summary>
    private async Task<Outcome> Mounted(string mount, params string[] words)
    {
        string[] inside = ["-rm", "sh", "-c", $"{mount} && exec dotnet {Vsc.Program} \"$@\"", "sh"];
        await RequireNamespaces();
        return await Vsc.Start("unshare", scratch.Path, [.. inside, .. words]).Finish();
    }

    private async Task RequireNamespaces() =>
        Assert.SkipUnless((await Vsc.Start("unshare", scratch.Path, ["-rm", "true"]).Finish()).Code == 0, "This machine lets nobody have disks and users of one's own.");
}
