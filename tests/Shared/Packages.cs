using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;

namespace VariationalSparseCoding.Tests;

/// <summary>Makes packages of what was built, and looks into them.</summary>
internal static class Packages
{
    /// <summary>The version of every package.</summary>
    public const string Version = "0.2.0-test";

    private const string Solution = "VariationalSparseCoding.slnx";

    /// <summary>The folder of the repository.</summary>
    public static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, Solution))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    /// <summary>Packs a project of src/.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="folder">Where the package goes.</param>
    /// <returns>The names of the package's files, and the packages that it depends on with their versions.</returns>
    public static (string[] Files, (string Name, string Version)[] Dependencies) Pack(string name, string folder)
    {
        string configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        Dotnet(Root(), "pack", $"src/{name}", "-c", configuration, "--no-build", "-o", folder, $"-p:MinVerVersionOverride={Version}");
        using var package = ZipFile.OpenRead(Path.Combine(folder, $"{name}.{Version}.nupkg"));
        using var description = package.GetEntry($"{name}.nuspec")!.Open();
        var dependencies = XDocument.Load(description).Descendants().Where(element => element.Name.LocalName == "dependency");
        return ([.. package.Entries.Select(entry => entry.FullName)], [.. dependencies.Select(element => (element.Attribute("id")!.Value, element.Attribute("version")!.Value))]);
    }

    /// <summary>Runs the SDK.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="arguments">Command and options.</param>
    /// <returns>What it printed.</returns>
    public static string Dotnet(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // Build servers would outlive the test and keep its pipes open.
        (start.Environment["MSBUILDDISABLENODEREUSE"], start.Environment["UseSharedCompilation"], start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"]) = ("1", "false", "0");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{output}\n{error.Result}");
        return output;
    }
}
