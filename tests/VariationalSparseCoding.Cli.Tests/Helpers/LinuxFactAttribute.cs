using System.Runtime.CompilerServices;

namespace VariationalSparseCoding.Cli.Tests.Helpers;

/// <summary>A test that needs signals, limits or the loader's log of Linux.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (!OperatingSystem.IsLinux()) Skip = "This test needs signals, limits or the loader's log of Linux.";
    }
}
