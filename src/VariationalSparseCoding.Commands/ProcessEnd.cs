using System.Runtime.InteropServices;

namespace VariationalSparseCoding.Commands;

/// <summary>
/// The end of the process without any clean-up. An orderly exit runs the destructors of native libraries while their threads still compute,
/// which can crash or hang.
/// </summary>
internal static partial class ProcessEnd
{
    private const nint CurrentProcess = -1;

    /// <summary>Ends the process. Untested on Windows.</summary>
    /// <param name="code">Its exit code.</param>
    public static void Now(int code)
    {
        if (OperatingSystem.IsWindows()) TerminateProcess(CurrentProcess, (uint)code);
        else ExitUnix(code);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void ExitUnix(int code);

    [LibraryImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateProcess(nint process, uint code);
}
