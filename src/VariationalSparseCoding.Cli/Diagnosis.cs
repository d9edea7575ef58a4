using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.RegularExpressions;
using TorchSharp;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Cli;

/// <summary>A check of the machine.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Passed">Whether runs will work.</param>
/// <param name="Finding">What was found.</param>
/// <param name="Advice">What to do where it failed.</param>
internal sealed record Check(string Name, bool Passed, string Finding, string Advice = "");

/// <summary>The checks of `vsc doctor`.</summary>
internal static partial class Diagnosis
{
    private const long EnoughMemory = 2L << 30, EnoughDisk = 1L << 30;

    private static readonly string[] LibraryFolders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/lib/x86_64-linux-gnu", "/lib64"];

    public static IEnumerable<Check> All()
    {
        yield return Sdk();
        yield return new("runtime", Environment.Version.Major >= 10, $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}", "install the .NET 10 runtime");
        yield return SymbolVersions();
        yield return NativeLibrary();
        yield return new("threads", Environment.ProcessorCount > 0, $"{Environment.ProcessorCount} processors; --threads sets another number");
        yield return SimdWidth();
        yield return new("bfloat16", true, ComputeOptions.SupportsBfloat16 ? "the processor multiplies bf16: --precision bf16 can be used" : "not in this processor; use the precision fp32");
        yield return Device();
        yield return Memory();
        yield return Disk();
    }

    private static Check Sdk()
    {
        const string advice = "install the .NET 10 SDK (https://dotnet.microsoft.com); it is needed to build, not to run";
        try
        {
            using var process = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string version = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return new("SDK", process.ExitCode == 0, process.ExitCode == 0 ? version : "the command 'dotnet' failed", advice);
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return new("SDK", false, "the command 'dotnet' was not found", advice);
        }
    }

    /// <summary>The symbol versions of the C++ runtime that the system's library offers, against what the tensor library asks for.</summary>
    private static Check SymbolVersions()
    {
        if (!OperatingSystem.IsLinux()) return new("C++ runtime", true, "not checked on this system");
        const string advice = "install libstdc++ of gcc 9 or newer (Debian: apt-get install libstdc++6)";
        string? library = LibraryFolders
            .Select(folder => Path.Combine(folder, "libstdc++.so.6")).FirstOrDefault(File.Exists);
        if (library is null) return new("C++ runtime", false, "libstdc++.so.6 was not found", advice);
        var offered = Newest(library);
        string file = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
        string native = File.Exists(file) ? file : Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        string asked = File.Exists(native) ? $"; libLibTorchSharp names GLIBCXX_{Newest(native)} (3.4.32 as a weak need, which older systems ignore)" : "";
        return new("C++ runtime", offered >= new Version(3, 4, 26), $"{library} offers GLIBCXX_{offered}{asked}", advice);
    }

    private static Version Newest(string library) =>
        SymbolVersion().Matches(Encoding.Latin1.GetString(File.ReadAllBytes(library))).Select(match => Version.Parse(match.Groups[1].Value)).DefaultIfEmpty(new(0, 0)).Max()!;

    private static Check NativeLibrary()
    {
        try
        {
            using var one = torch.ones(1);
            return new("native library", one.item<float>() == 1, $"libtorch {torch.__version__} works");
        }
        catch (Exception error)
        {
            return new("native library", false, error.GetBaseException().Message.ReplaceLineEndings(" "),
                "delete the folder 'cpu' beside the program if there is one, rebuild with 'dotnet build -c Release --no-incremental', and see the line 'C++ runtime'");
        }
    }

    private static Check SimdWidth()
    {
        int bits = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
        return new("SIMD width", bits >= 256, $"{bits} bits", "runs work, but slowly: use a processor with AVX2, and unset DOTNET_EnableAVX2 and DOTNET_EnableHWIntrinsic");
    }

    private static Check Device()
    {
        try
        {
            return new("device", true, torch.cuda.is_available() ? $"cuda, {torch.cuda.device_count()} GPU(s) (untested by this project)" : "cpu");
        }
        catch (Exception error)
        {
            return new("device", false, error.GetBaseException().Message.ReplaceLineEndings(" "), "see the line 'native library'");
        }
    }

    private static Check Memory()
    {
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new("memory", available >= EnoughMemory, $"{available / (double)(1 << 30):F1} GiB", "give the process at least 2 GiB");
    }

    private static Check Disk()
    {
        long free = new DriveInfo(Environment.CurrentDirectory).AvailableFreeSpace;
        return new("disk", free >= EnoughDisk, $"{free / (double)(1 << 30):F1} GiB free here", "free at least 1 GiB, or write runs elsewhere with --output");
    }

    [GeneratedRegex(@"GLIBCXX_(\d+\.\d+(?:\.\d+)?)\0")]
    private static partial Regex SymbolVersion();
}
