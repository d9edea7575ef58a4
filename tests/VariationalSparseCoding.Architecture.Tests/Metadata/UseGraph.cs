using System.Text;

namespace VariationalSparseCoding.Architecture.Tests.Metadata;

/// <summary>Places (namespaces or projects) and which of them use which others, with the uses between types that make each edge.</summary>
internal sealed class UseGraph
{
    private readonly SortedDictionary<string, SortedDictionary<string, List<TypeUse>>> edges = new(StringComparer.Ordinal);

    /// <summary>Makes the graph of some uses.</summary>
    /// <param name="uses">Uses between types.</param>
    /// <param name="place">The place of a type; null for a type outside of the graph.</param>
    public UseGraph(IEnumerable<TypeUse> uses, Func<NamedType, string?> place)
    {
        foreach (var use in uses)
        {
            if (place(use.User) is not { } from) continue;
            if (!edges.TryGetValue(from, out var targets)) edges.Add(from, targets = new(StringComparer.Ordinal));
            if (place(use.Used) is not { } to || to == from) continue;
            if (!targets.TryGetValue(to, out var examples)) targets.Add(to, examples = []);
            examples.Add(use);
        }
    }

    /// <summary>The places whose types use anything, in or outside of the graph.</summary>
    public IReadOnlyCollection<string> Places => edges.Keys;

    /// <summary>The edges, ordered by their ends.</summary>
    public IEnumerable<(string From, string To)> Edges => edges.SelectMany(from => from.Value.Keys.Select(to => (from.Key, to)));

    /// <summary>The edges that are part of a circle: those whose end leads back to their start.</summary>
    public IEnumerable<(string From, string To)> EdgesOfCircles => Edges.Where(edge => Path(edge.To, edge.From) is not null);

    /// <summary>Finds a circle of the fewest edges.</summary>
    /// <returns>The edges of the circle in their order; empty if there is no circle.</returns>
    public IReadOnlyList<(string From, string To)> ShortestCircle()
    {
        var shortest = Edges.Select(edge => Path(edge.To, edge.From) is { } back ? [edge.From, .. back] : Array.Empty<string>())
            .Where(circle => circle.Length > 0).MinBy(circle => circle.Length);
        return shortest is null ? [] : [.. shortest.Zip(shortest.Skip(1))];
    }

    /// <summary>Describes edges, one a line, with examples of the uses between types that make them.</summary>
    /// <param name="described">Edges of this graph.</param>
    /// <param name="examples">The most examples of an edge.</param>
    public string Describe(IEnumerable<(string From, string To)> described, int examples)
    {
        var text = new StringBuilder();
        foreach (var (from, to) in described)
        {
            var uses = edges[from][to];
            text.Append('\n').Append(from).Append(" -> ").Append(to).Append(':');
            foreach (var use in uses.Take(examples)) text.Append("\n    ").Append(use);
            if (uses.Count > examples) text.Append("\n    and ").Append(uses.Count - examples).Append(" more");
        }
        return text.ToString();
    }

    /// <summary>Returns a shortest way along edges, both ends included; null if there is none.</summary>
    private string[]? Path(string start, string end)
    {
        var ways = new Dictionary<string, string[]> { [start] = [start] };
        var next = new Queue<string>([start]);
        while (next.TryDequeue(out string? place))
        {
            if (place == end) return ways[place];
            if (!edges.TryGetValue(place, out var targets)) continue;
            foreach (string target in targets.Keys)
            {
                if (ways.TryAdd(target, [.. ways[place], target])) next.Enqueue(target);
            }
        }
        return null;
    }
}
