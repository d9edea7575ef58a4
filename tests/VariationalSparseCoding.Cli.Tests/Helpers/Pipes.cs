using System.Diagnostics;

namespace VariationalSparseCoding.Cli.Tests.Helpers;

/// <summary>Named pipes, from which a read waits for ever. Linux only.</summary>
internal static class Pipes
{
    /// <summary>Makes a pipe in place of whatever has its name.</summary>
    public static string Make(string path)
    {
        File.Delete(path);
        Run("mkfifo", path);
        return path;
    }

    public static bool IsPipe(string path) => Run("test", "-p", path) == 0;

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
