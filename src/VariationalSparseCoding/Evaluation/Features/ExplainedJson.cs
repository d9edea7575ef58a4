using System.Text.Json.Nodes;

namespace VariationalSparseCoding.Evaluation;

/// <summary>Explanations of features as JSON; docs/evaluation.md has the keys.</summary>
internal static class ExplainedJson
{
    /// <summary>Returns what is known of some features.</summary>
    /// <param name="run">The run.</param>
    /// <param name="features">The features.</param>
    public static JsonObject Of(ExplainedRun run, IEnumerable<ExplainedFeature> features) => new()
    {
        ["run"] = run.Folder.Root,
        ["data"] = run.Data.Source,
        ["rows"] = run.Index.Rows,
        ["features"] = new JsonArray([.. features.Select(Of)]),
    };

    private static JsonObject Of(ExplainedFeature feature)
    {
        var view = feature.View;
        return new()
        {
            ["feature"] = view.Feature,
            ["count"] = view.Count,
            ["rate"] = view.Rate,
            ["mean_magnitude"] = view.MeanMagnitude,
            ["negative_share"] = view.Negative,
            ["histogram"] = Array(view.Histogram, bin => new() { ["from"] = bin.From, ["to"] = bin.To, ["count"] = bin.Count }),
            ["top"] = Array(feature.Top, Of),
            ["range"] = Array(feature.Range, Of),
            ["nearest"] = Array(view.Nearest, Of),
            ["opposed"] = Array(view.Opposed, Of),
            ["together"] = Array(view.Together, other => new() { ["feature"] = other.Feature, ["share"] = other.Share, ["lift"] = other.Lift }),
            ["labels"] = Array(view.Labels, label => new() { ["label"] = label.Name, ["count"] = label.Count, ["share"] = label.Share, ["lift"] = label.Lift }),
        };
    }

    private static JsonObject Of(AtomNeighbour other) => new() { ["feature"] = other.Feature, ["cosine"] = other.Cosine };

    private static JsonObject Of(ExplainedRow row)
    {
        var json = new JsonObject { ["row"] = row.Row, ["value"] = row.Value, ["labels"] = new JsonArray([.. row.Labels.Select(label => (JsonNode)label)]) };
        if (row.Note is not { } note) return json;
        json["sample"] = note.Sample;
        if (note.Name is { } name) json["name"] = name;
        if (note.Token is { } token) json["token"] = token;
        if (note.Position is { } position) json["position"] = position;
        if (row.Context is { } context) json["context"] = new JsonArray(context.Before, context.Marked, context.After);
        return json;
    }

    private static JsonArray Array<T>(IEnumerable<T> values, Func<T, JsonObject> json) => new([.. values.Select(json)]);
}
