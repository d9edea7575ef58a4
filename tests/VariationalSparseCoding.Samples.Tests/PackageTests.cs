using VariationalSparseCoding.Tests;

namespace VariationalSparseCoding.Samples.Tests;

/// <summary>The package of the core is made and used by a project that knows nothing of this repository.</summary>
[Collection("package")]
[Trait("Category", "Slow")]
public sealed class PackageTests : IDisposable
{
    private readonly string scratch = Directory.CreateTempSubdirectory("vsc-package-").FullName;

    public void Dispose() => Directory.Delete(scratch, recursive: true);

    [Fact]
    public void A_fresh_project_uses_the_package()
    {
        string packages = Path.Combine(scratch, "packages"), consumer = Path.Combine(scratch, "consumer");
        var (files, dependencies) = Packages.Pack("VariationalSparseCoding", packages);
        foreach (string name in new[] { "README.md", "LICENSE", "lib/net10.0/VariationalSparseCoding.dll", "lib/net10.0/VariationalSparseCoding.xml" }) Assert.Contains(name, files);
        Assert.Empty(dependencies);
        Assert.DoesNotContain(files, name => name.StartsWith("runtimes/", StringComparison.Ordinal) || name.StartsWith("build", StringComparison.Ordinal));

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
}
