using System.Text;

namespace VariationalSparseCoding.Cli.Tests.Helpers;

/// <summary>A page of the documentation that holds the help texts of commands.</summary>
internal static class HelpPage
{
    /// <summary>The environment variable that makes the tests write the pages instead of comparing them.</summary>
    private const string WriteVariable = "VSC_WRITE_HELP_PAGES";

    /// <summary>Asserts that a page of docs/ holds the help of commands as they print it.</summary>
    /// <param name="name">The page's file.</param>
    /// <param name="introduction">The text above the help.</param>
    /// <param name="commands">The commands, each as the words after the program's name.</param>
    public static async Task RequireUpToDate(string name, string introduction, params string[] commands)
    {
        var page = new StringBuilder(introduction);
        foreach (string command in commands)
        {
            string[] words = TinyData.Words(command);
            // A process of its own, so that its output is redirected and lines have the width of all redirected output.
            string help = (await Vsc.Start(AppContext.BaseDirectory, [.. words, "--help"]).Finish()).Succeeded().Output;
            string[] lines = [.. help.Split('\n').Select(line => line.TrimEnd())];
            page.Append('\n').Append("## ").AppendJoin(' ', words.Prepend(Vsc.Name)).Append("\n\n```text\n").Append(string.Join('\n', lines).Trim('\n')).Append("\n```\n");
        }
        string path = Path.Combine(Repository(), "docs", name);
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1") File.WriteAllText(path, page.ToString());
        Assert.True(File.ReadAllText(path) == page.ToString(), $"docs/{name} is not what the commands print: run this test once with {WriteVariable}=1");
    }

    public static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VariationalSparseCoding.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
