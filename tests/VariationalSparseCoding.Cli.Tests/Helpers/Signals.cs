using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Cli.Tests.Helpers;

/// <summary>
/// Sends one of SIGINT and SIGTERM to command lines while the program starts, and the other at random moments afterwards. Once the program listens, the process must end within two seconds,
/// with 130 unless it had finished; before, with 130 or with 143, the runtime's own.
/// </summary>
public sealed class Signals : IAsyncLifetime
{
    /// <summary>What commands need: a run, its matrix, a matrix and codes of many rows, a dictionary, a proxy that never answers.</summary>
    private const int Rows = 30_000, Columns = 32, Atoms = 8;

    private const int LongestStart = 50, PollEvery = 5;

    // A thread that the program starts when it listens.
    private const string ListeningThread = "vsc-end";

    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);
    private static readonly int rounds = int.Parse(Environment.GetEnvironmentVariable("VSC_SIGNALS") ?? "1", System.Globalization.CultureInfo.InvariantCulture);

    // Where there is one round, it is a short one.
    private static readonly int longestWait = rounds > 1 ? 2500 : 1000;

    private readonly ScratchFolder scratch = new();
    private readonly TcpListener silent = new(IPAddress.Loopback, 0);
    private readonly Dictionary<string, string> places = [];

    public async ValueTask InitializeAsync()
    {
        string matrix = TinyData.WriteMatrix(scratch, "large.npy", rows: Rows, columns: Columns);
        (await Vsc.Run(TinyData.Train(matrix, scratch.File("run"), "--set", "data.validationSamples=4000", "--set", "schedule.epochs=1"))).Succeeded();
        float[] codes = [.. Enumerable.Range(0, Rows * 10 * Atoms).Select(i => i % 7 == 0 ? 0.5f : 0)];
        Npy.Write<float>(scratch.File("codes.npy"), codes, Atoms);
        TinyData.WriteMatrix(scratch, "dictionary.npy", rows: Columns, columns: Atoms);
        Directory.CreateDirectory(scratch.File("images"));
        for (int i = 0; i < 400; i++) TinyData.WriteImage(scratch.File($"images/{i}.png"), 218, 178, i % 3);
        Faces(200);
        silent.Start();
        foreach (string name in new[] { "run", "large.npy", "codes.npy", "dictionary.npy", "images", "faces" }) places[name.ToUpperInvariant().Split('.')[0]] = scratch.File(name);
        places["REPOSITORY"] = HelpPage.Repository();
    }

    public ValueTask DisposeAsync()
    {
        silent.Dispose();
        scratch.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes a file that lines name by a word in capital letters.</summary>
    /// <param name="word">The word.</param>
    /// <param name="file">The file's name.</param>
    /// <param name="write">Writes the file at a path.</param>
    public void Place(string word, string file, Action<string> write)
    {
        if (!places.TryAdd(word, scratch.File(file))) return;
        write(places[word]);
    }

    /// <summary>Asserts that every command of the program's help has a line of a table.</summary>
    /// <param name="lines">The command lines.</param>
    public static async Task RequireEveryCommand(string[] lines)
    {
        foreach (string command in await Commands()) Assert.True(Array.Exists(lines, line => line == command || line.StartsWith(command + " ", StringComparison.Ordinal)), $"'{command}' has no line here");
    }

    /// <summary>The commands that the program's help names, with those below them: "data", "data celeba".</summary>
    public static async Task<string[]> Commands(params string[] parents)
    {
        string[] lines = [.. (await Vsc.Run([.. parents, "--help"])).Succeeded().Output.Split('\n')];
        List<string> all = [];
        foreach (string line in lines.SkipWhile(line => line.TrimEnd() != "Commands:").Skip(1).TakeWhile(line => line.Trim().Length > 0).Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line[2] != ' '))
        {
            string[] words = [.. parents, TinyData.Words(line)[0]];
            all.AddRange([string.Join(' ', words), .. await Commands(words)]);
        }
        return [.. all];
    }

    /// <summary>Sends signals to a command line.</summary>
    /// <param name="line">Words after the program's name; those in capital letters stand for files.</param>
    /// <param name="isEndless">Whether it would go on for minutes.</param>
    public async Task End(string line, bool isEndless)
    {
        var random = new System.Random(line.Sum(letter => letter));
        Outcome? whole = null;
        int longest = longestWait;
        if (!isEndless)
        {
            long began = Stopwatch.GetTimestamp();
            whole = await Start(line).Finish();
            longest = (int)Stopwatch.GetElapsedTime(began).TotalMilliseconds + 1;
        }
        for (int round = 0; round < rounds; round++)
        {
            // Every other line, and every other round of a line, has the signals the other way round.
            bool swapped = (line.Length + round) % 2 == 1;
            await End(line, swapped ? "TERM" : "INT", whole, random.Next(LongestStart), waits: false);
            await End(line, swapped ? "INT" : "TERM", whole, random.Next(longest), waits: true);
        }
    }

    private async Task End(string line, string signal, Outcome? whole, int delay, bool waits)
    {
        using var process = Start(line);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        while (waits && !process.HasExited && !IsListening(process)) await Task.Delay(PollEvery);
        await Task.Delay(delay);
        bool hadEnded = process.HasExited, listened = IsListening(process);
        process.Signal(signal);
        long sent = Stopwatch.GetTimestamp();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        var time = Stopwatch.GetElapsedTime(sent);
        string said = $"{Vsc.Name} {line}: SIG{signal} {delay} ms after {(waits ? "it listened" : "its start")}: exit code {process.ExitCode} after {time.TotalSeconds:F2} s: {await error}";
        if (hadEnded)
        {
            Assert.True(whole is not null && process.ExitCode == whole.Code, said);
            return;
        }
        Assert.True(time < Promised, said);
        bool isComplete = whole is not null && process.ExitCode == whole.Code && (await output).Count(letter => letter == '\n') == whole.Output.Count(letter => letter == '\n');
        Assert.True(process.ExitCode == ExitCode.Interrupted || isComplete || (!listened && process.ExitCode == 128 + 15), said);
    }

    private static bool IsListening(Process process)
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{process.Id}/task").Any(task => File.ReadAllText(Path.Combine(task, "comm")).TrimEnd() == ListeningThread);
        }
        catch (IOException)
        {
            // The process, or a thread of it, has just ended.
            return false;
        }
    }

    private Process Start(string line)
    {
        string folder = Directory.CreateDirectory(scratch.File(Path.GetRandomFileName())).FullName;
        // What a command changes is its own copy.
        if (line.Contains("COPY", StringComparison.Ordinal)) places["COPY"] = TrainedRun.Copy(places["RUN"], scratch, Path.GetRandomFileName());
        string[] words = [.. TinyData.Words(line).Select(word => places.Aggregate(word, (text, place) => text.Replace(place.Key, place.Value, StringComparison.Ordinal)))];
        string proxy = $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}";
        // Tests that run in the background of a shell inherit that Ctrl-C is ignored.
        return Vsc.Start("env", folder, ["--default-signal=INT", "dotnet", Vsc.Program, .. words], ("XDG_CACHE_HOME", Path.Combine(folder, "cache")), ("http_proxy", proxy), ("https_proxy", proxy), ("NUGET_PACKAGES", Path.Combine(folder, "packages")));
    }

    private void Faces(int count)
    {
        Directory.CreateDirectory(scratch.File("faces/img_align_celeba"));
        for (int i = 0; i < count; i++) File.Copy(scratch.File($"images/{i}.png"), scratch.File($"faces/img_align_celeba/{i}.png"));
        File.WriteAllText(scratch.File("faces/list_eval_partition.txt"), string.Concat(Enumerable.Range(0, count).Select(i => $"{i}.png {i % 3}\n")));
        File.WriteAllText(scratch.File("faces/list_attr_celeba.txt"), $"{count}\nBald\n" + string.Concat(Enumerable.Range(0, count).Select(i => $"{i}.png 1\n")));
    }
}
