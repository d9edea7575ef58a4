using System.Diagnostics;
using VariationalSparseCoding.Tests;

namespace VariationalSparseCoding.Samples.Tests;

/// <summary>The package of the core is made and used by a project that knows nothing of this repository.</summary>
[Collection("package")]
[Trait("Category", "Slow")]
public sealed class PackageTests(PackageTests.Packed packed) : IClassFixture<PackageTests.Packed>, IDisposable
{
    private readonly string scratch = Directory.CreateTempSubdirectory("vsc-package-").FullName;

    /// <summary>The package, made once.</summary>
    public sealed class Packed : IDisposable
    {
        public Packed() => (Files, Dependencies) = Packages.Pack("VariationalSparseCoding", Folder);

        public string Folder { get; } = Directory.CreateTempSubdirectory("vsc-packages-").FullName;

        internal string[] Files { get; }

        internal (string Name, string Version)[] Dependencies { get; }

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }

    public void Dispose() => Directory.Delete(scratch, recursive: true);

    [Fact]
    public void A_fresh_project_uses_the_package()
    {
        string packages = packed.Folder, consumer = Path.Combine(scratch, "consumer");
        foreach (string name in new[] { "README.md", "LICENSE", "lib/net10.0/VariationalSparseCoding.dll", "lib/net10.0/VariationalSparseCoding.xml" }) Assert.Contains(name, packed.Files);
        Assert.Empty(packed.Dependencies);
        Assert.DoesNotContain(packed.Files, name => name.StartsWith("runtimes/", StringComparison.Ordinal) || name.StartsWith("build", StringComparison.Ordinal));

        Directory.CreateDirectory(consumer);
        // No other package is needed.
        File.WriteAllText(Path.Combine(consumer, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(scratch, "cache")}" /></config>
              <packageSources><clear /><add key="packed" value="{packages}" /></packageSources>
            </configuration>
            """);
        File.WriteAllText(Path.Combine(consumer, "Consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="VariationalSparseCoding" Version="{Packages.Version}" />
              </ItemGroup>
            </Project>
            """);
        File.Copy(Path.Combine(Packages.Root(), "samples", "FitAndEncode", "Program.cs"), Path.Combine(consumer, "Program.cs"));
        string output = Packages.Dotnet(consumer, "run");
        Assert.Contains("1000 codes of 12 features", output);
    }

    /// <summary>Reflection that the trimmer does not see would fail when the model is loaded. Without a linker for native code the program is only trimmed.</summary>
    [Fact, Trait("Fault", "E6")]
    public void A_program_compiled_ahead_of_time_loads_a_model_and_encodes()
    {
        string packages = packed.Folder, consumer = Path.Combine(scratch, "consumer"), model = Path.Combine(scratch, "model.safetensors");
        Directory.CreateDirectory(consumer);
        string known = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(Path.Combine(consumer, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(scratch, "cache")}" /></config>
              <fallbackPackageFolders><add key="known" value="{known}" /></fallbackPackageFolders>
              <packageSources><add key="packed" value="{packages}" /></packageSources>
            </configuration>
            """);
        bool links = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "clang")) || File.Exists(Path.Combine(folder, "gcc")));
        File.WriteAllText(Path.Combine(consumer, "Consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <InvariantGlobalization>true</InvariantGlobalization>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <SelfContained>true</SelfContained>
                <UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>
                <{(links ? "PublishAot" : "PublishTrimmed")}>true</{(links ? "PublishAot" : "PublishTrimmed")}>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="VariationalSparseCoding" Version="{Packages.Version}" />
              </ItemGroup>
            </Project>
            """);
        File.Copy(Path.Combine(Packages.Root(), "samples", "EncodeOne", "Program.cs"), Path.Combine(consumer, "Program.cs"));
        Packages.Dotnet(consumer, "publish", "-c", "Release", "-o", Path.Combine(scratch, "program"));

        using var coder = new SparseCoder(new() { Atoms = 12, Epochs = 2, Threads = 1, Lambda = 0.1 });
        float[] samples = [.. Enumerable.Range(0, 100 * 8).Select(i => float.Sin(i * i))], vector = [.. Enumerable.Range(0, 8).Select(i => float.Sin(i))];
        coder.Fit(samples, 8);
        coder.Save(model);
        int active = coder.Encode(vector).Count(code => code != 0);
        var start = new ProcessStartInfo(Path.Combine(scratch, "program", "Consumer"), [model]) { RedirectStandardOutput = true };
        using var program = Process.Start(start)!;
        string output = program.StandardOutput.ReadToEnd();
        program.WaitForExit();
        Assert.Equal(0, program.ExitCode);
        Assert.Contains($"8 values, {active} of 12 features active", output, StringComparison.Ordinal);
    }
}
