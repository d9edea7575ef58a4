using VariationalSparseCoding.Architecture.Tests.Metadata;

namespace VariationalSparseCoding.Architecture.Tests;

/// <summary>
/// Uses point downwards only, between projects and between the folders of a project. A failure shows an edge or circle with two examples
/// of each edge; VSC_LAYERS=all dotnet test -c Release tests/VariationalSparseCoding.Architecture.Tests shows every edge and every use.
/// </summary>
public class LayerTests
{
    /// <summary>The projects that each project may reference; <c>docs/architecture.md</c> has the same table.</summary>
    private static readonly (string Project, string[] References)[] allowed =
    [
        ("core", []),
        ("Torch", ["core"]),
        ("Images", ["core"]),
        ("Columnar", ["core"]),
        ("Onnx", ["core"]),
        ("Reporting", ["core"]),
        ("Reproduction", ["core", "Torch", "Images", "Reporting"]),
        ("Commands", ["core", "Images", "Reporting"]),
        ("Cli", ["core", "Images", "Columnar", "Reporting", "Commands"]),
        ("Cli.Full", ["core", "Torch", "Images", "Columnar", "Onnx", "Reporting", "Reproduction", "Commands"]),
    ];

    private static readonly bool all = Environment.GetEnvironmentVariable("VSC_LAYERS") == "all";
    private static readonly int examples = all ? int.MaxValue : 2;
    private static readonly Dictionary<string, IReadOnlyList<TypeUse>> uses = ProjectFile.Tested.ToDictionary(project => project.Name, project => TypeUses.Read(project.AssemblyPath));

    /// <summary>The names of the projects.</summary>
    public static TheoryData<string> Projects => [.. ProjectFile.Tested.Select(project => project.Name)];

    [Fact]
    public void Every_project_of_src_is_read()
    {
        string[] written = [.. Directory.EnumerateFiles(Path.Combine(ProjectFile.Repository, "src"), "*.csproj", SearchOption.AllDirectories).Select(ProjectFile.NameOf)];
        string[] unread = [.. written.Except(ProjectFile.Tested.Select(project => project.Name))];
        Assert.True(unread.Length == 0, $"Add a reference to the Architecture.Tests project for each of: {string.Join(", ", unread)}.");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_namespaces_of_a_project_use_each_other_in_no_circle(string project)
    {
        string assembly = ProjectFile.Tested.Single(tested => tested.Name == project).Assembly;
        var graph = new UseGraph(uses[project], type => type.Assembly == assembly ? Rooms.Namespace(type) : null);
        AssertNoCircle(graph, $"The namespaces of {project}");
    }

    [Fact]
    public void Projects_use_each_other_in_no_circle() => AssertNoCircle(ProjectGraph(), "The projects");

    [Fact]
    public void A_project_uses_only_those_that_it_may_use()
    {
        var graph = ProjectGraph();
        var forbidden = graph.Edges.Where(edge => !MayUse(edge.From, edge.To)).ToList();
        Assert.True(forbidden.Count == 0, $"Projects use others that the table of LayerTests does not allow:{graph.Describe(forbidden, examples)}");
    }

    [Fact]
    public void A_project_references_only_those_that_it_may_use()
    {
        string[] forbidden = [.. ProjectFile.Tested.SelectMany(project => project.References.Select(ProjectFile.NameOf).Where(reference => !MayUse(project.Name, reference))
            .Select(reference => $"{project.Name} -> {reference}"))];
        Assert.True(forbidden.Length == 0, $"Project files reference others that the table of LayerTests does not allow: {string.Join(", ", forbidden)}.");
    }

    [Fact]
    public void A_room_of_the_core_uses_only_the_rooms_before_it()
    {
        var graph = new UseGraph(uses[ProjectFile.Core], Rooms.Of);
        var upwards = graph.Edges.Where(edge => !Rooms.MayUse(edge.From, edge.To)).ToList();
        Assert.True(upwards.Count == 0, $"Rooms use others that come after them:{graph.Describe(upwards, examples)}");
    }

    [Fact]
    public void Every_namespace_of_the_core_is_in_a_room()
    {
        var places = new UseGraph(uses[ProjectFile.Core], Rooms.Of).Places;
        string[] unknown = [.. places.Except([.. Rooms.FromTheGroundUp, Rooms.Ground])];
        Assert.True(unknown.Length == 0, $"Not in the order of rooms: {string.Join(", ", unknown)}. Add each to Rooms.FromTheGroundUp, after all that it uses, and to the table of rooms in docs/architecture.md.");
    }

    [Fact]
    public void The_rooms_on_the_architecture_page_are_these_in_this_order() => Assert.Equal(Rooms.FromTheGroundUp, ArchitecturePage.Rooms());

    [Fact]
    public void The_references_on_the_architecture_page_are_those_allowed_here()
    {
        static string Line(string project, IEnumerable<string> references) => $"{project}: {string.Join(", ", references.Order(StringComparer.Ordinal))}";
        Assert.Equal(allowed.Select(row => Line(row.Project, row.References)), ArchitecturePage.Projects().Select(row => Line(row.Project, row.References)));
    }

    /// <summary>A file's namespace is its folder; a folder inside a room may also only sort the room's files, in the room's namespace.</summary>
    [Fact]
    public void A_namespace_has_the_name_of_its_folder_or_of_its_room()
    {
        string source = Path.Combine(ProjectFile.Repository, "src");
        var wrong = new List<string>();
        foreach (string file in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories))
        {
            string[] folders = Path.GetRelativePath(source, Path.GetDirectoryName(file)!).Split(Path.DirectorySeparatorChar);
            if (folders.Intersect(["bin", "obj"]).Any()) continue;
            string? line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal));
            if (line is not null && line != $"namespace {string.Join('.', folders)};" && line != $"namespace {string.Join('.', folders.Take(2))};") wrong.Add($"{Path.GetRelativePath(source, file)}: {line}");
        }
        Assert.True(wrong.Count == 0, $"Folders and namespaces differ:\n{string.Join('\n', wrong)}");
    }

    private static bool MayUse(string user, string used) => Array.Exists(allowed, row => row.Project == user && row.References.Contains(used));

    private static UseGraph ProjectGraph()
    {
        var names = ProjectFile.Tested.ToDictionary(project => project.Assembly, project => project.Name);
        return new(uses.Values.SelectMany(use => use), type => names.GetValueOrDefault(type.Assembly));
    }

    private static void AssertNoCircle(UseGraph graph, string places)
    {
        var circle = graph.ShortestCircle();
        Assert.True(circle.Count == 0, all ? $"{places} use each other in circles; all edges of circles:{graph.Describe(graph.EdgesOfCircles, examples)}"
            : $"{places} use each other in a circle:{graph.Describe(circle, examples)}");
    }
}
