using VariationalSparseCoding.Architecture.Tests.Metadata;

namespace VariationalSparseCoding.Architecture.Tests;

/// <summary>In the rooms of the engine, what travels together has a name: a type instead of a long parameter list.</summary>
public class ParameterListTests
{
    private const int Most = 6;

    private static readonly string[] engine = ["Posteriors", "Networks", "Engine", "Inference"];

    [Fact]
    public void Parameter_lists_of_the_engine_are_short()
    {
        var core = ProjectFile.Tested.Single(project => project.Name == ProjectFile.Core);
        string[] tooLong = [.. ParameterLists.Read(core.AssemblyPath).Where(list => list.Count > Most && engine.Contains(Rooms.Of(list.Type)))
            .Select(list => $"{list.Type.Namespace}.{list}").Order(StringComparer.Ordinal)];
        Assert.True(tooLong.Length == 0, $"At most {Most} parameters are allowed in {string.Join(", ", engine)}:\n{string.Join('\n', tooLong)}");
    }
}
