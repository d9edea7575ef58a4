using System.ComponentModel;
using System.Diagnostics;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Onnx.Material;

/// <summary>A package of one version, among those that the user has or from the feeds that the user's NuGet configuration names.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Version">Its version.</param>
internal sealed record NuGetPackage(string Id, string Version)
{
    // Folders of packages have small letters.
    private string Place => Path.Combine(Id.ToLowerInvariant(), Version);

    /// <summary>Returns the package's folder if the user has it, else null.</summary>
    public string? Find()
    {
        string? packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } given ? given
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? Path.Combine(home, ".nuget", "packages") : null;
        return packages is not null && Path.Combine(packages, Place) is var folder && Directory.Exists(folder) ? folder : null;
    }

    /// <summary>Fetches the package into a folder, by the .NET SDK's own restore of a project that asks for it.</summary>
    /// <param name="folder">The folder, for the caller to remove.</param>
    /// <param name="cancellationToken">Stops the restore.</param>
    /// <returns>The package's folder in it.</returns>
    /// <exception cref="InvalidInputException">There is no SDK, or no feed has the package.</exception>
    public async Task<string> RestoreAsync(string folder, CancellationToken cancellationToken)
    {
        string project = Path.Combine(folder, "restore.csproj"), packages = Path.Combine(folder, "packages");
        AtomicFile.WriteText(project, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net{Environment.Version.Major}.0</TargetFramework></PropertyGroup>
              <ItemGroup><PackageDownload Include="{Id}" Version="[{Version}]" /></ItemGroup>
            </Project>
            """);
        var start = new ProcessStartInfo("dotnet", ["restore", project, "--packages", packages, "--verbosity", "quiet"]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        using var restore = Start(start);
        using var stop = cancellationToken.Register(() => restore.Kill(entireProcessTree: true));
        var output = restore.StandardOutput.ReadToEndAsync(CancellationToken.None);
        string error = await restore.StandardError.ReadToEndAsync(CancellationToken.None);
        string said = await output + error;
        await restore.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        if (restore.ExitCode == 0 && Directory.Exists(Path.Combine(packages, Place))) return Path.Combine(packages, Place);
        string problem = said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? $"exit code {restore.ExitCode}";
        throw new InvalidInputException($"the package {Id} {Version} cannot be restored ({problem}); look at the feeds with 'dotnet nuget list source', or restore it on another machine and copy its folder into the folder of packages.");
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new InvalidInputException($"the package {Id} {Version} is fetched by the .NET SDK, and its program dotnet cannot be started ({failure.Message}); install the SDK.", failure);
        }
    }
}
