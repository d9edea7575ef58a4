using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace VariationalSparseCoding.Samples.Tests;

/// <summary>The package is made and used by a project that knows nothing of this repository.</summary>
[Collection("package")]
public sealed class PackageTests : IDisposable
{
    private const string Version = "0.2.0-test";
    private readonly string scratch = Directory.CreateTempSubdirectory("vsc-package-").FullName;

    public void Dispose() => Directory.Delete(scratch, recursive: true);

    [Fact]
    public void A_fresh_project_uses_the_package()
    {
        string root = Root(), packages = Path.Combine(scratch, "packages"), consumer = Path.Combine(scratch, "consumer");
        string configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        Dotnet(root, "pack", "src/VariationalSparseCoding", "-c", configuration, "--no-build", "-o", packages, $"-p:MinVerVersionOverride={Version}");
        using (var package = ZipFile.OpenRead(Path.Combine(packages, $"VariationalSparseCoding.{Version}.nupkg")))
        {
            string[] names = [.. package.Entries.Select(entry => entry.FullName)];
            string[] expected =
            [
                "README.md", "LICENSE", "lib/net10.0/VariationalSparseCoding.dll", "lib/net10.0/VariationalSparseCoding.xml",
            ];
            Assert.All(expected, name => Assert.Contains(name, names));
        }

        Directory.CreateDirectory(consumer);
        // What is already in the package cache is used from there and nothing is added to it.
        File.WriteAllText(Path.Combine(consumer, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(scratch, "cache")}" /></config>
              <fallbackPackageFolders><add key="cache" value="{Cache()}" /></fallbackPackageFolders>
              <packageSources><add key="packed" value="{packages}" /></packageSources>
            </configuration>
            """);
        File.WriteAllText(Path.Combine(consumer, "Consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <CreateSymbolicLinksForCopyLocalIfPossible>true</CreateSymbolicLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="VariationalSparseCoding" Version="{Version}" />
                <PackageReference Include="{NativePackage()}" Version="{LibTorchVersion(root)}" />
              </ItemGroup>
            </Project>
            """);
        File.Copy(Path.Combine(root, "samples", "FitAndEncode", "Program.cs"), Path.Combine(consumer, "Program.cs"));
        string output = Dotnet(consumer, "run");
        Assert.Contains("1000 codes of 12 features", output);
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "VariationalSparseCoding.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    private static string Cache() => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string NativePackage() => RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "libtorch-cpu-win-x64"
        : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "libtorch-cpu-osx-arm64" : "libtorch-cpu-linux-x64";

    private static string LibTorchVersion(string root) =>
        Regex.Match(File.ReadAllText(Path.Combine(root, "Directory.Packages.props")), "<LibTorchVersion>(.*)</LibTorchVersion>").Groups[1].Value;

    private static string Dotnet(string folder, params string[] arguments)
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
