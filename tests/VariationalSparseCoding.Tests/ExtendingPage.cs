namespace VariationalSparseCoding.Tests;

/// <summary>docs/extending.md, whose examples are files of this project.</summary>
internal static class ExtendingPage
{
    /// <summary>The page has a file of this project as it is.</summary>
    /// <param name="file">Its path in this project.</param>
    public static void AssertShows(string file)
    {
        string folder = AppContext.BaseDirectory, source = $"tests/VariationalSparseCoding.Tests/{file}";
        while (!File.Exists(Path.Combine(folder, "VariationalSparseCoding.slnx"))) folder = Path.GetDirectoryName(folder)!;
        string page = File.ReadAllText(Path.Combine(folder, "docs", "extending.md"));
        Assert.Contains($"<!-- {source} -->\n```csharp\n{File.ReadAllText(Path.Combine(folder, source))}```\n", page, StringComparison.Ordinal);
    }
}
