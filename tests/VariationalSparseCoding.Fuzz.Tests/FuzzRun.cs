using System.Diagnostics;
using System.Globalization;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Fuzz.Tests;

/// <summary>Feeds damaged files to readers, one after the other, and keeps those that do harm.</summary>
/// <param name="readers">The readers.</param>
/// <param name="seed">Chooses the damages.</param>
internal sealed class FuzzRun(IReadOnlyList<FuzzedReader> readers, ulong seed)
{
    private const int MostFailures = 20, RareEvery = 16;

    // What every reading takes: buffers, an exception with its trace.
    private const long AllowedBytes = 1 << 20;
    // The first one compiles and loads libraries.
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(10), LongestFirstRead = TimeSpan.FromMinutes(1);

    private readonly string folder = Directory.CreateTempSubdirectory("vsc-fuzz-").FullName;
    private readonly Watch watch = new();
    private readonly Dictionary<string, string> failures = [];
    private readonly long[] counts = new long[readers.Count], refused = new long[readers.Count], ticks = new long[readers.Count];
    private TimeSpan time;
    private string current = "nothing", currentPath = "";
    private volatile bool isOver;

    /// <summary>What failed, by its kind, with the path of the input.</summary>
    public IReadOnlyDictionary<string, string> Failures => failures;

    /// <summary>Whether every reader had an input.</summary>
    public bool HaveAllBeenTried => Array.TrueForAll(counts, count => count > 0);

    /// <summary>How many inputs there were, how fast, and what failed.</summary>
    public string Report => string.Create(CultureInfo.InvariantCulture, $"{counts.Sum()} damaged files in {time.TotalSeconds:F0} s, {counts.Sum() / time.TotalMinutes:F0} a minute, {failures.Count} kinds of failures\n")
        + string.Join('\n', readers.Select((reader, i) => string.Create(CultureInfo.InvariantCulture, $"  {reader.Name} ({Path.GetFileName(reader.File)}): {counts[i]}, {refused[i]} of them refused, {1e3 * ticks[i] / Stopwatch.Frequency / Math.Max(1, counts[i]):F2} ms each"))
            .Concat(failures.Select(failure => $"{failure.Key}\n  {failure.Value}")));

    /// <summary>Feeds files until time or number is reached, or too many kinds of failures were found.</summary>
    /// <param name="seconds">How long.</param>
    /// <param name="most">How many inputs at most.</param>
    public void Go(double seconds, long most)
    {
        foreach (string below in readers.Select(reader => Path.GetDirectoryName(Path.Combine(folder, reader.File))!)) Directory.CreateDirectory(below);
        foreach (var reader in readers)
            foreach (var (name, content) in reader.Beside) File.WriteAllBytes(Path.Combine(folder, Path.GetDirectoryName(reader.File)!, name), content);
        long began = Stopwatch.GetTimestamp();
        bool ended = watch.Run(() =>
        {
            for (long round = 0; !isOver && counts.Sum() < most && failures.Count < MostFailures && Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; round++)
                for (int i = 0; i < readers.Count; i++)
                    if (!isOver && (!readers[i].Rarely || round % RareEvery == 0)) Feed(i, round);
        });
        time = Stopwatch.GetElapsedTime(began);
        if (!ended)
        {
            isOver = true;
            string kept = Path.Combine(folder, "slow-" + Path.GetFileName(currentPath));
            File.Copy(currentPath, kept);
            failures[$"{current}: took more than {LongestRead.TotalSeconds:F0} s"] = kept;
        }
        else if (failures.Count == 0) Directory.Delete(folder, recursive: true);
    }

    /// <summary>Reads one input that was kept, by all readers of its kind of file; what it throws is thrown.</summary>
    /// <param name="path">The file.</param>
    public void Replay(string path)
    {
        foreach (var reader in readers.Where(reader => Path.GetExtension(reader.File) == Path.GetExtension(path)))
            try
            {
                reader.Read(path);
            }
            catch (InvalidInputException)
            {
                // As documented.
            }
    }

    private void Feed(int index, long round)
    {
        var reader = readers[index];
        long began = Stopwatch.GetTimestamp();
        // Each input is a function of its number, so that one can be made again.
        byte[] bytes = reader.Make(new(new CounterRandom(new NoiseKey(seed, NoisePurpose.Data, (uint)(round * readers.Count + index)))));
        string path = Path.Combine(folder, reader.File);
        File.WriteAllBytes(path, bytes);
        (current, currentPath) = ($"{reader.Name}, round {round}", path);
        watch.Begin(round == 0 ? LongestFirstRead : LongestRead);
        counts[index]++;
        long allowed = AllowedBytes + reader.Justified(bytes);
        // What is compiled or loaded at a first call belongs to no file: only what is taken again counts.
        if (Read(reader, path, bytes, index) > allowed && Read(reader, path, bytes, index) is var taken && taken > allowed)
            Keep(reader, bytes, $"{reader.Name}: took {taken} bytes of memory for a file of {bytes.Length}, where {allowed} are justified", $"{reader.Name}: memory");
        ticks[index] += Stopwatch.GetTimestamp() - began;
        foreach (var (name, content) in reader.Beside)
            if (name == Path.GetFileName(reader.File)) File.WriteAllBytes(path, content);
    }

    private long Read(FuzzedReader reader, string path, byte[] bytes, int index)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        try
        {
            reader.Read(path);
        }
        catch (InvalidInputException)
        {
            // As documented.
            refused[index]++;
        }
        catch (Exception problem)
        {
            string place = problem.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("VariationalSparseCoding", StringComparison.Ordinal))?.Trim() ?? "";
            Keep(reader, bytes, $"{reader.Name}: {problem}", $"{reader.Name}: {problem.GetType()} {place}");
        }
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private void Keep(FuzzedReader reader, byte[] bytes, string problem, string kind)
    {
        if (failures.ContainsKey(kind)) return;
        string path = Path.Combine(folder, $"failure-{failures.Count + 1}-{Path.GetFileName(reader.File)}");
        File.WriteAllBytes(path, bytes);
        failures[kind] = $"{path}: {problem}";
    }
}
