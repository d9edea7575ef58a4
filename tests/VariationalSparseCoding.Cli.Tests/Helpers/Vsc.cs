using System.Diagnostics;

namespace VariationalSparseCoding.Cli.Tests.Helpers;

/// <summary>
/// The program as a user types it: in this process, or in one of its own. The environment variable VSC_TESTED_PROGRAM names the .dll of another program to test instead,
/// such as that of an earlier version, in which a test of a fault must fail; its commands run in processes of their own.
/// </summary>
internal static class Vsc
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2), Moment = TimeSpan.FromSeconds(20), Glance = TimeSpan.FromMilliseconds(20);
    private static readonly string? other = Environment.GetEnvironmentVariable("VSC_TESTED_PROGRAM") is { Length: > 0 } path ? Path.GetFullPath(path) : null;

    /// <summary>The option that sets the number of draws, by a name that the tested program knows.</summary>
    public static string Draws => other is null ? "--draws" : "--samples";

    public static async Task<Outcome> Run(params string[] arguments)
    {
        if (other is not null) return (await Start(Environment.CurrentDirectory, arguments).Finish()).WithoutFormerName();
        using StringWriter output = new(), error = new();
        using var interruption = new Interruption();
        int code = await Tool.Commands().RunAsync(arguments, output, error, interruption);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command that must end soon; where it does not, the test fails and does not wait for it.</summary>
    public static Task<Outcome> Soon(params string[] arguments) =>
        other is null ? Task.Run(() => Run(arguments)).WaitAsync(Moment) : Start(Environment.CurrentDirectory, arguments).Finish(Moment);

    /// <summary>Starts the program as a process with its output redirected.</summary>
    public static Process Start(string folder, IEnumerable<string> arguments, params (string Name, string Value)[] environment) =>
        Start("dotnet", folder, [Program, .. arguments], environment);

    public static Process Start(string command, string folder, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(command, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static string Name { get; } = other is null ? typeof(Tool).Assembly.GetName().Name! : Path.GetFileNameWithoutExtension(other);

    public static string Program { get; } = other ?? Path.Combine(AppContext.BaseDirectory, $"{Name}.dll");

    /// <summary>Waits for a process to end.</summary>
    /// <param name="process">The process.</param>
    /// <param name="most">How long it may take; null for two minutes. Then it is ended, and the test fails.</param>
    public static async Task<Outcome> Finish(this Process process, TimeSpan? most = null)
    {
        using var patience = new CancellationTokenSource(most ?? Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new TimeoutException($"{string.Join(' ', process.StartInfo.ArgumentList)}: still runs after {most ?? Patience}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            process.Dispose();
        }
    }

    /// <summary>Waits for a process to end, and ends it when it takes more memory than it may. Linux only.</summary>
    /// <param name="process">The process.</param>
    /// <param name="mostBytes">The most memory that it may have at any time.</param>
    public static async Task<Outcome> FinishWithin(this Process process, long mostBytes)
    {
        string status = $"/proc/{process.Id}/status";
        var finished = process.Finish();
        long peak = 0;
        while (!finished.IsCompleted)
        {
            try
            {
                if (Array.Find(await File.ReadAllLinesAsync(status), line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } line) peak = 1024 * long.Parse(line.AsSpan()["VmHWM:".Length..^"kB".Length], System.Globalization.CultureInfo.InvariantCulture);
                if (peak > mostBytes) process.Kill(entireProcessTree: true);
            }
            catch (Exception gone) when (gone is IOException or InvalidOperationException)
            {
                // It has ended meanwhile.
            }
            await Task.WhenAny(finished, Task.Delay(Glance));
        }
        var outcome = await finished;
        Assert.True(peak <= mostBytes, $"took {peak >> 20} MiB of memory and may take {mostBytes >> 20}; {outcome.Error}");
        return outcome;
    }

    /// <summary>Waits for a line of a process's output, and leaves the rest unread.</summary>
    /// <param name="process">The process.</param>
    /// <param name="beginning">How the line begins.</param>
    public static async Task<string> Line(this Process process, string beginning)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            if (line.StartsWith(beginning, StringComparison.Ordinal)) return line;
        throw new EndOfStreamException($"no line begins with '{beginning}': {await process.StandardError.ReadToEndAsync(patience.Token)}");
    }

    // Only the newer program says so, and where another one is tested that name is used on purpose.
    private static Outcome WithoutFormerName(this Outcome outcome) =>
        outcome with { Error = outcome.Error.Replace($"{Name}: --samples is the former name of --draws\n", "", StringComparison.Ordinal) };

    /// <summary>Sends a signal.</summary>
    public static void Signal(this Process process, string name)
    {
        using var kill = Process.Start("kill", ["-" + name, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
