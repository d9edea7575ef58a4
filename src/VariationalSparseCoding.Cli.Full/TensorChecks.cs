using System.Text;
using System.Text.RegularExpressions;
using TorchSharp;
using VariationalSparseCoding.Commands;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Cli.Full;

/// <summary>The checks of `doctor` that concern the tensor library.</summary>
internal static partial class TensorChecks
{
    private const string NativeLibraryName = "tensor library", CppRuntimeName = "C++ runtime";

    private static readonly string[] LibraryFolders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/lib/x86_64-linux-gnu", "/lib64"];

    /// <summary>The checks, in the order in which they are shown.</summary>
    public static IReadOnlyList<Func<DoctorCheck>> All { get; } = [CppRuntime, NativeLibrary, Bfloat16, Device];

    /// <summary>Compares the symbol versions that the system's C++ library offers with those that the tensor library asks for.</summary>
    private static DoctorCheck CppRuntime()
    {
        if (!OperatingSystem.IsLinux()) return new(CppRuntimeName, true, "not checked on this system");
        const string advice = "install libstdc++ of gcc 9 or newer (Debian: apt-get install libstdc++6)";
        string? library = LibraryFolders.Select(folder => Path.Combine(folder, "libstdc++.so.6")).FirstOrDefault(File.Exists);
        if (library is null) return new(CppRuntimeName, false, "libstdc++.so.6 was not found", advice);
        var offered = Newest(library);
        string file = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
        string native = File.Exists(file) ? file : Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        string asked = File.Exists(native) ? $"; libLibTorchSharp names GLIBCXX_{Newest(native)} (3.4.32 as a weak requirement, which older systems ignore)" : "";
        return new(CppRuntimeName, offered >= new Version(3, 4, 26), $"{library} offers GLIBCXX_{offered}{asked}", advice);
    }

    private static Version Newest(string library) =>
#pragma warning disable RS0030 // A library of the system, not a user's file.
        SymbolVersion().Matches(Encoding.Latin1.GetString(File.ReadAllBytes(library))).Select(match => Version.Parse(match.Groups[1].Value)).DefaultIfEmpty(new(0, 0)).Max()!;
#pragma warning restore RS0030

    private static DoctorCheck NativeLibrary()
    {
        try
        {
            using var one = torch.ones(1);
            return new(NativeLibraryName, one.item<float>() == 1, $"libtorch {torch.__version__} works");
        }
        catch (Exception error)
        {
            return MachineChecks.DoesNotLoad(NativeLibraryName, error,
                $"delete the folder 'cpu' beside the program if there is one, rebuild with 'dotnet build -c Release --no-incremental', and see the line '{CppRuntimeName}'");
        }
    }

    private static DoctorCheck Bfloat16() =>
        new("bfloat16", true, ComputeOptions.SupportsBfloat16 ? "this processor multiplies bf16: --precision bf16 can be used" : "not supported by this processor: use --precision fp32");

    private static DoctorCheck Device()
    {
        const string name = "device";
        try
        {
            return new(name, true, torch.cuda.is_available() ? $"cuda, {torch.cuda.device_count()} GPU(s) (untested by this project)" : "cpu");
        }
        catch (Exception error)
        {
            return MachineChecks.DoesNotLoad(name, error, $"see the line '{NativeLibraryName}'");
        }
    }

    [GeneratedRegex(@"GLIBCXX_(\d+\.\d+(?:\.\d+)?)\0")]
    private static partial Regex SymbolVersion();
}
