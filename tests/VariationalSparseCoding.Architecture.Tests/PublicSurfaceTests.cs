using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace VariationalSparseCoding.Architecture.Tests;

/// <summary>
/// What packages promise to applications is recorded in PublicAPI.Unshipped.txt, and in PublicAPI.Shipped.txt once it was released; a build fails where code and record
/// differ. After an intended change: dotnet format analyzers PROJECT --diagnostics RS0016 --severity warn.
/// </summary>
public partial class PublicSurfaceTests
{
    private const int MostTypes = 60, MostLines = 450;

    private static readonly string source = Path.Combine(ProjectFile.Repository, "src");

    [Fact]
    public void The_core_promises_few_types_and_members()
    {
        string[] record = Record(Path.Combine(source, ProjectFile.Library));
        string[] types = [.. record.Where(line => !line.Contains(" ->", StringComparison.Ordinal) && !line.Contains('('))];
        Assert.True(types.Length is > 0 and <= MostTypes, $"The core has {types.Length} public types; at most {MostTypes} are wanted: make internal what an application does not need.");
        // A property counts once, whether it is only read or also set. What the compiler adds to a record is not counted: nobody wrote it.
        string[] lines = [.. record.Where(line => !MadeByCompiler().IsMatch(line)).Select(line => Accessor().Replace(line, "")).Distinct()];
        Assert.True(lines.Length <= MostLines, $"The core has {lines.Length} public types and members; at most {MostLines} are wanted: make internal what an application does not need.");
    }

    [Fact]
    public void Every_package_records_what_it_promises()
    {
        string[] unrecorded = [.. Directory.EnumerateFiles(source, "*.csproj", SearchOption.AllDirectories)
            .Where(IsPackedLibrary).Select(path => Path.GetDirectoryName(path)!).Where(folder => Record(folder).Length == 0)];
        Assert.True(unrecorded.Length == 0, $"PublicAPI.Shipped.txt and PublicAPI.Unshipped.txt are missing or empty in: {string.Join(", ", unrecorded)}.");
    }

    private static bool IsPackedLibrary(string path)
    {
        var properties = XDocument.Load(path);
        bool Is(string property, string value) => properties.Descendants(property).Any(element => element.Value == value);
        return !Is("IsPackable", "false") && !Is("PackAsTool", "true");
    }

    private static string[] Record(string folder) =>
        [.. new[] { "PublicAPI.Shipped.txt", "PublicAPI.Unshipped.txt" }.Select(name => Path.Combine(folder, name)).Where(File.Exists).SelectMany(File.ReadLines).Where(line => line.Length > 0 && line[0] != '#')];

    [GeneratedRegex(@"<Clone>\$|\.(Equals|GetHashCode|ToString|Deconstruct)\(|operator [!=]=")]
    private static partial Regex MadeByCompiler();

    [GeneratedRegex(@"\.(get|set|init) -> .*$")]
    private static partial Regex Accessor();
}
