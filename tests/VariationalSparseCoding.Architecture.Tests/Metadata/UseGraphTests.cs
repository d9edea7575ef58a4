namespace VariationalSparseCoding.Architecture.Tests.Metadata;

public class UseGraphTests
{
    [Fact]
    public void A_circle_inside_a_lambda_is_found_with_the_uses_that_close_it()
    {
        var graph = SampleGraph("Sample.Cellar", "Sample.Floor", "Sample.Roof");
        var circle = graph.ShortestCircle();
        Assert.Equal([("Sample.Cellar", "Sample.Floor"), ("Sample.Floor", "Sample.Cellar")], circle);
        Assert.Equal(circle, graph.EdgesOfCircles);
        Assert.Equal("""

            Sample.Cellar -> Sample.Floor:
                Coal.Warm -> Table
            Sample.Floor -> Sample.Cellar:
                Table.Stand -> Coal
            """, graph.Describe(circle, 2));
    }

    [Fact]
    public void Layers_have_no_circle()
    {
        var graph = SampleGraph("Sample.High", "Sample.Low", "Sample.Floor", "Sample.Roof");
        Assert.Equal(["Sample.Floor", "Sample.High", "Sample.Low", "Sample.Roof"], graph.Places);
        Assert.Equal([("Sample.High", "Sample.Low"), ("Sample.Roof", "Sample.Floor")], graph.Edges);
        Assert.Empty(graph.ShortestCircle());
        Assert.Empty(graph.EdgesOfCircles);
    }

    [Fact]
    public void The_shortest_circle_is_shown_and_all_edges_of_circles_are_known()
    {
        var graph = Graph("a b", "b c", "c d", "d a", "d c", "e a", "d f");
        Assert.Equal([("c", "d"), ("d", "c")], graph.ShortestCircle());
        Assert.Equal([("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("d", "c")], graph.EdgesOfCircles);
    }

    [Fact]
    public void Examples_are_counted()
    {
        var graph = new UseGraph([Use("a", "A", "b", "B"), Use("a", "A", "b", "C"), Use("a", "A", "b", "D")], type => type.Namespace);
        Assert.Equal("\na -> b:\n    A.Run -> B\n    A.Run -> C\n    and 1 more", graph.Describe(graph.Edges, 2));
        Assert.Equal("\na -> b:\n    A.Run -> B\n    A.Run -> C\n    A.Run -> D", graph.Describe(graph.Edges, int.MaxValue));
    }

    private static UseGraph SampleGraph(params string[] namespaces) =>
        new(TypeUses.Read(typeof(UseGraphTests).Assembly.Location), type => namespaces.Contains(type.Namespace) ? type.Namespace : null);

    private static UseGraph Graph(params string[] edges) => new(edges.Select(edge => Use(edge[..1], "A", edge[2..], "B")), type => type.Namespace);

    private static TypeUse Use(string from, string user, string to, string used) => new(new("", from, user), "Run", new("", to, used));
}
