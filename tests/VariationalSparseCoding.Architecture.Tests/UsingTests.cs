using System.Text.RegularExpressions;

namespace VariationalSparseCoding.Architecture.Tests;

/// <summary>The order of usings: System first, then by name, then static ones and aliases. Nothing else in CI looks at it.</summary>
public partial class UsingTests
{
    private static readonly string[] folders = ["src", "tests", "samples", "bench"];

    [Fact]
    public void Usings_stand_in_their_order()
    {
        string[] files = [.. folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(ProjectFile.Repository, folder), "*.cs", SearchOption.AllDirectories)).Where(IsSource)];
        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            Match[] usings = [.. File.ReadLines(file).Select(line => Using().Match(line)).Where(found => found.Success)];
            Assert.Equal(usings.OrderBy(Kind).ThenBy(Name, StringComparer.OrdinalIgnoreCase).Select(found => found.Value), usings.Select(found => found.Value));
        });
    }

    private static bool IsSource(string file) => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin");

    private static int Kind(Match found) => found.Groups["alias"].Success ? 3 : found.Groups["static"].Success ? 2 : Name(found) == "System" || Name(found).StartsWith("System.", StringComparison.Ordinal) ? 0 : 1;

    private static string Name(Match found) => found.Groups["name"].Value;

    [GeneratedRegex(@"^using (?<static>static )?(?<alias>\w+ = )?(?<name>[\w.<>]+);$")]
    private static partial Regex Using();
}
