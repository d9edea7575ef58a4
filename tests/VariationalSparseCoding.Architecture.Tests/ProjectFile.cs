using System.Xml.Linq;

namespace VariationalSparseCoding.Architecture.Tests;

/// <summary>A project as its file describes it.</summary>
/// <param name="Name">The name of the file without the library's name: <c>core</c>, <c>Torch</c>, <c>Cli.Full</c>.</param>
/// <param name="Assembly">The name of the assembly that it makes.</param>
/// <param name="References">The files of the projects that it references.</param>
internal sealed record ProjectFile(string Name, string Assembly, IReadOnlyList<string> References)
{
    /// <summary>The root namespace, which is also the name of the core's project.</summary>
    public const string Library = "VariationalSparseCoding";

    /// <summary>The name of the core among projects.</summary>
    public const string Core = "core";

    /// <summary>The folder of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The projects that this test project references, in the order of its lines.</summary>
    public static IReadOnlyList<ProjectFile> Tested { get; } =
        [.. Read(Path.Combine(Repository, "tests", typeof(ProjectFile).Assembly.GetName().Name!, typeof(ProjectFile).Assembly.GetName().Name + ".csproj")).References.Select(Read)];

    /// <summary>The path of the built assembly beside this test's own.</summary>
    public string AssemblyPath => Path.Combine(AppContext.BaseDirectory, Assembly + ".dll");

    /// <summary>Returns the name of a project.</summary>
    /// <param name="path">The project's file.</param>
    public static string NameOf(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        return name == Library ? Core : name[(Library.Length + 1)..];
    }

    private static ProjectFile Read(string path)
    {
        var project = XDocument.Load(path);
        string assembly = project.Descendants("AssemblyName").FirstOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(path);
        return new(NameOf(path), assembly,
            [.. project.Descendants("ProjectReference").Select(reference => Path.GetFullPath(reference.Attribute("Include")!.Value, Path.GetDirectoryName(path)!))]);
    }

    private static string FindRepository()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "VariationalSparseCoding.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
