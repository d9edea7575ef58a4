namespace VariationalSparseCoding.Cli.Tests.Helpers;

/// <summary>A test that needs signals, limits or the loader's log of Linux.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux()) Skip = "Linux only";
    }
}
