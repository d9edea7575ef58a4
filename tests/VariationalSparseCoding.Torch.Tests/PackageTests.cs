namespace VariationalSparseCoding.Tests;

/// <summary>The package of the tensor library's part.</summary>
[Trait("Category", "Slow")]
public sealed class PackageTests : IDisposable
{
    private readonly string scratch = Directory.CreateTempSubdirectory("vsc-package-").FullName;

    public void Dispose() => Directory.Delete(scratch, recursive: true);

    [Fact]
    public void It_brings_its_targets_and_asks_for_the_core_of_its_own_version()
    {
        var (files, dependencies) = Packages.Pack("VariationalSparseCoding.Torch", scratch);
        foreach (string name in new[] { "buildTransitive/VariationalSparseCoding.Torch.targets", "buildTransitive/WeakenSymbolVersion.cs", "lib/net10.0/VariationalSparseCoding.Torch.dll" })
            Assert.Contains(name, files);
        // It uses what is internal to the core, which may change from one version to the next.
        Assert.Contains(("VariationalSparseCoding", $"[{Packages.Version}]"), dependencies);
        // The application chooses the native library.
        Assert.Contains(dependencies, dependency => dependency.Name == "TorchSharp");
        Assert.DoesNotContain(dependencies, dependency => dependency.Name.StartsWith("libtorch", StringComparison.Ordinal));
    }
}
