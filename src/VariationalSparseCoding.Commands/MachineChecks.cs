using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SkiaSharp;

namespace VariationalSparseCoding.Commands;

/// <summary>The checks of `doctor` that every program makes.</summary>
internal static class MachineChecks
{
    private const int NeededVersion = 10;
    private const long EnoughMemory = 2L << 30, EnoughDisk = 1L << 30;
    private const double Gibibyte = 1 << 30;

    /// <summary>The checks, in the order in which they are shown.</summary>
    public static IReadOnlyList<Func<DoctorCheck>> All { get; } = [Sdk, Runtime, Threads, SimdWidth, ImageLibrary, Memory, Disk];

    /// <summary>Returns the failed check of a native library that does not load.</summary>
    /// <param name="name">What was checked.</param>
    /// <param name="error">How loading it failed.</param>
    /// <param name="advice">What to do.</param>
    public static DoctorCheck DoesNotLoad(string name, Exception error, string advice) => new(name, false, error.GetBaseException().Message.ReplaceLineEndings(" "), advice);

    // Asked for the list, the command ignores the global.json of the current folder, which may want another version.
    private static DoctorCheck Sdk()
    {
        string finding = "not found; it is needed only to build from source";
        try
        {
            using var process = Process.Start(new ProcessStartInfo("dotnet", "--list-sdks") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string[] versions = [.. process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0])];
            process.WaitForExit();
            if (versions.Length > 0) finding = versions[^1] + (versions.Any(IsNewEnough) ? "" : $"; building from source needs {NeededVersion}.0 or newer");
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            // The command is not there, as after an installation of the runtime alone.
        }
        return new("SDK", true, finding);
    }

    private static bool IsNewEnough(string version) => int.TryParse(version.Split('.')[0], out int major) && major >= NeededVersion;

    private static DoctorCheck Runtime() =>
        new("runtime", Environment.Version.Major >= NeededVersion, $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}", $"install the .NET {NeededVersion} runtime");

    private static DoctorCheck Threads() => new("threads", true, $"{Environment.ProcessorCount} processors; --threads sets another number");

    private static DoctorCheck SimdWidth()
    {
        int bits = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
        return new("SIMD width", bits >= 256, $"{bits} bits", "runs work, but slowly: use a processor with AVX2, and unset DOTNET_EnableAVX2 and DOTNET_EnableHWIntrinsic");
    }

    private static DoctorCheck ImageLibrary()
    {
        const string name = "image library";
        try
        {
            return new(name, true, $"SkiaSharp works (native library {SkiaSharpVersion.Native})");
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException or BadImageFormatException or InvalidOperationException)
        {
            return DoesNotLoad(name, error, "install the program again on this machine, or build it here with 'dotnet build -c Release --no-incremental'");
        }
    }

    private static DoctorCheck Memory()
    {
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new("memory", available >= EnoughMemory, $"{available / Gibibyte:F1} GiB", "give the process at least 2 GiB");
    }

    private static DoctorCheck Disk()
    {
        long free = new DriveInfo(Environment.CurrentDirectory).AvailableFreeSpace;
        return new("disk", free >= EnoughDisk, $"{free / Gibibyte:F1} GiB free here", "free at least 1 GiB, or write runs elsewhere with --output");
    }
}
