using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace VariationalSparseCoding.Experiments;

/// <summary>A partial experiment, as a file or a command line gives it: its keys are checked one by one, so that every error is reported at once.</summary>
internal static class ExperimentLayer
{
    /// <summary>Keys of version 0.1 that are still read, with their names of today.</summary>
    private static readonly Dictionary<string, string> FormerKeys = new()
    {
        ["sampling.samples"] = "sampling.draws",
        ["sampling.evaluationSamples"] = "sampling.evaluationDraws",
        ["data.standardise"] = "data.normalisation",
    };

    /// <summary>Returns a former key's value as its key of today has it; the value itself where that is as it was, or of a wrong type.</summary>
    private static JsonNode? Today(string formerKey, JsonNode? value) =>
        formerKey == "data.standardise" && value is JsonValue written && written.TryGetValue(out bool isStandardised)
            ? ExperimentJson.Name(isStandardised ? Normalisation.Column : Normalisation.None)
            : value;

    /// <summary>A copy of a layer without unknown keys and values of wrong types, and with the keys of today.</summary>
    /// <param name="layer">The layer; it is not changed.</param>
    /// <param name="errors">Receives a line for each fault, which begins with the key as it was written.</param>
    public static JsonObject Checked(JsonObject layer, List<string> errors)
    {
        var sound = layer.DeepClone().AsObject();
        Check(sound, ExperimentSchema.InfoOf<Experiment>(), "", errors);
        return sound;
    }

    /// <summary>Lays a layer over a whole experiment, key by key.</summary>
    /// <param name="target">The experiment.</param>
    /// <param name="layer">A checked layer.</param>
    public static void Overlay(JsonObject target, JsonObject layer)
    {
        foreach (var (key, value) in layer)
        {
            if (value is JsonObject section) Overlay(target[key]!.AsObject(), section);
            else target[key] = value?.DeepClone();
        }
    }

    private static void Check(JsonObject section, JsonTypeInfo type, string prefix, List<string> errors)
    {
        foreach (var (written, value) in section.ToList())
        {
            string key = FormerKeys.TryGetValue(prefix + written, out string? today) ? today[prefix.Length..] : written;
            var meant = key == written ? value : Today(prefix + written, value?.DeepClone());
            string? fault = key != written && section.ContainsKey(key) ? $"is the former name of '{today}', which is given too; leave one of them out" : Fault(key, meant);
            if (fault is not null) errors.Add($"{prefix}{written}: {fault}");
            if (fault is null && key == written) continue;
            section.Remove(written);
            if (fault is null) section[key] = meant;
        }

        string? Fault(string key, JsonNode? value)
        {
            if (type.Properties.FirstOrDefault(property => property.Name == key) is not { } property)
                return $"unknown key{Spelling.Suggestion(key, type.Properties.Select(property => property.Name))}";
            var expected = type.Options.GetTypeInfo(property.PropertyType);
            if (expected.Kind != JsonTypeInfoKind.Object) return IsOf(expected, value) ? null : $"must be {Name(expected.Type)}, not {Text(value)}";
            if (value is not JsonObject inner) return $"must be an object, not {Text(value)}";
            Check(inner, expected, $"{prefix}{key}.", errors);
            return null;
        }
    }

    private static string Text(JsonNode? value) => value?.ToJsonString() ?? "null";

    private static bool IsOf(JsonTypeInfo type, JsonNode? value)
    {
        try
        {
            return value?.Deserialize(type) is not null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private static string Name(Type type) =>
        ExperimentSchema.NamesOf(type) is { } names ? "one of " + string.Join(", ", names)
        : type == typeof(string) ? "a text"
        : type == typeof(bool) ? "true or false"
        : type == typeof(double) ? "a number"
        : type == typeof(ulong) ? "a whole number of at least 0"
        : "a whole number";
}
