using System.Diagnostics;

namespace VariationalSparseCoding.Cli.Tests.Helpers;

/// <summary>The program as a user types it: in this process, or in one of its own.</summary>
internal static class Vsc
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<Outcome> Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        using var interruption = new Interruption();
        int code = await Tool.Commands().RunAsync(arguments, output, error, interruption);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Starts the program as a process with its output redirected.</summary>
    public static Process Start(string folder, IEnumerable<string> arguments, params (string Name, string Value)[] environment) =>
        Start("dotnet", folder, [Program, .. arguments], environment);

    public static Process Start(string command, string folder, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(command, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static string Name { get; } = typeof(Tool).Assembly.GetName().Name!;

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, $"{Name}.dll");

    /// <summary>Waits for a process to end.</summary>
    public static async Task<Outcome> Finish(this Process process)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            process.Dispose();
        }
    }

    /// <summary>Sends a signal.</summary>
    public static void Signal(this Process process, string name)
    {
        using var kill = Process.Start("kill", ["-" + name, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
