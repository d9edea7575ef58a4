using System.Runtime.InteropServices;

namespace VariationalSparseCoding.Commands;

/// <summary>
/// The end of the process without any clean-up. An orderly exit runs the destructors of native libraries while their threads still compute,
/// which can crash or hang. The system's function is looked up beforehand: a library that is being loaded holds the loader's lock.
/// </summary>
internal static unsafe class ProcessEnd
{
    private const nint CurrentProcess = -1;

    private static readonly delegate* unmanaged<int, void> exitUnix;
    private static readonly delegate* unmanaged<nint, uint, int> terminateWindows;

    static ProcessEnd()
    {
        if (OperatingSystem.IsWindows()) terminateWindows = (delegate* unmanaged<nint, uint, int>)NativeLibrary.GetExport(NativeLibrary.Load("kernel32"), "TerminateProcess");
        else exitUnix = (delegate* unmanaged<int, void>)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "_exit");
    }

    /// <summary>Makes sure that <see cref="Now"/> needs nothing that could make it wait.</summary>
    public static void Prepare() => System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(ProcessEnd).TypeHandle);

    /// <summary>Ends the process. Untested on Windows.</summary>
    /// <param name="code">Its exit code.</param>
    public static void Now(int code)
    {
        if (exitUnix is not null) exitUnix(code);
        else terminateWindows(CurrentProcess, (uint)code);
    }
}
