namespace VariationalSparseCoding.Architecture.Tests;

/// <summary>The tables of <c>docs/architecture.md</c> that the tests hold: each follows a comment that names it.</summary>
internal static class ArchitecturePage
{
    /// <summary>The rooms of the core in the order of the page. The front door has a row without the name of a folder.</summary>
    public static IReadOnlyList<string> Rooms() => [.. Rows("rooms").Select(row => Name(row[0])?.TrimEnd('/') ?? Tests.Rooms.FrontDoor)];

    /// <summary>The projects in the order of the page, each with the projects that it may reference.</summary>
    public static IReadOnlyList<(string Project, IReadOnlyList<string> References)> Projects()
    {
        var rows = Rows("projects").Select(row => (Project: Name(row[0]) is { } name && name != ProjectFile.Library ? name.TrimStart('.') : ProjectFile.Core, References: row[2])).ToList();
        // Packages stand among the references; they are other files' business.
        IReadOnlyList<string> Projects(string references) =>
            [.. references.Split(',', StringSplitOptions.TrimEntries).Where(reference => rows.Exists(row => row.Project == reference))];
        return [.. rows.Select(row => (row.Project, Projects(row.References)))];
    }

    private static string? Name(string cell) => cell.Split('`') is [_, var name, ..] ? name : null;

    private static IEnumerable<string[]> Rows(string table) => File.ReadLines(Path.Combine(ProjectFile.Repository, "docs", "architecture.md"))
        .SkipWhile(line => line != $"<!-- {table} -->").SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|'))
        .Skip(2).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));
}
