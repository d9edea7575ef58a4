using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace VariationalSparseCoding.Experiments;

/// <summary>
/// Reads and writes experiments. A file names only what differs from its method's defaults; what is written is fully resolved.
/// All errors of a file are reported at once, and an unknown key with the nearest known one.
/// </summary>
public static class ExperimentJson
{
    /// <summary>The longest file that is read, in bytes.</summary>
    public const int LargestFile = 1 << 20;

    internal static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>An experiment as JSON, fully resolved.</summary>
    /// <param name="experiment">The experiment.</param>
    public static JsonObject ToJson(Experiment experiment) => JsonSerializer.SerializeToNode(experiment, Options)!.AsObject();

    /// <summary>An enumeration's value as it is written in experiments: kebab-case.</summary>
    /// <param name="value">The value.</param>
    public static string Name(Enum value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>Reads the JSON object of a file, without looking at its keys.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file cannot be read or is no JSON object.</exception>
    public static JsonObject ReadObject(string path)
    {
        try
        {
            if (Directory.Exists(path)) throw new InvalidInputException($"{path}: is a folder; name an experiment's JSON file.");
            if (!File.Exists(path)) throw new InvalidInputException($"{path}: no such file; name an experiment's JSON file.");
            if (new FileInfo(path).Length > LargestFile) throw new InvalidInputException($"{path}: larger than {LargestFile} bytes; this is no experiment.");
            return ParseObject(path, File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: cannot be read: {OneLine(error.Message)}", error);
        }
    }

    /// <summary>Parses a JSON object; comments and trailing commas are allowed, duplicate keys are not.</summary>
    /// <param name="source">What to name in errors.</param>
    /// <param name="utf8">The text.</param>
    /// <exception cref="InvalidInputException">It is no JSON object.</exception>
    public static JsonObject ParseObject(string source, byte[] utf8)
    {
        try
        {
            var parsing = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };
            return JsonNode.Parse(utf8, documentOptions: parsing) as JsonObject ?? throw new InvalidInputException($"{source}: must hold a JSON object.");
        }
        catch (JsonException error)
        {
            throw new InvalidInputException($"{source}: not valid JSON: {OneLine(error.Message)}", error);
        }
    }

    /// <summary>
    /// Resolves layers of settings, later ones over earlier ones, over the defaults of the method, fidelity and kind of generator that they name.
    /// </summary>
    /// <param name="source">What to name in errors: a file or "command line".</param>
    /// <param name="layers">Partial experiments, each with the keys of <see cref="ToJson"/>.</param>
    /// <exception cref="InvalidInputException">Something is wrong; the message lists every error, one a line.</exception>
    public static Experiment Resolve(string source, params IReadOnlyList<JsonObject> layers)
    {
        var errors = new List<string>();
        JsonObject[] sound = [.. layers.Select(layer => layer.DeepClone().AsObject())];
        foreach (var layer in sound) RemoveFaults(layer, typeof(Experiment), "", errors);
        string name = Last(layer => layer["method"]) ?? MethodTable.Default.Name;
        var method = MethodTable.Find(name);
        if (method is null)
        {
            errors.Add($"method: unknown method '{name}'{Spelling.Suggestion(name, MethodTable.All.Select(m => m.Name))}");
            // Only the method tells whether the posterior's options belong together.
            foreach (var layer in sound) (_, _) = (layer.Remove("method"), layer.Remove("posterior"));
        }
        var fidelity = Choice<Fidelity>(layer => layer["fidelity"]);
        var generator = Choice<GeneratorKind>(layer => layer["generator"]?["kind"]);
        var resolved = ToJson((method ?? MethodTable.Default).Defaults(fidelity, generator));
        foreach (var layer in sound) Overlay(resolved, layer);
        var experiment = resolved.Deserialize<Experiment>(Options)!;
        errors.AddRange(experiment.Validate());
        return errors.Count > 0 ? throw Failure(source, errors) : experiment;

        string? Last(Func<JsonObject, JsonNode?> find) => sound.Select(find).LastOrDefault(node => node is not null) is JsonValue value
            && value.TryGetValue(out string? found) ? found : null;

        T Choice<T>(Func<JsonObject, JsonNode?> find) where T : struct, Enum => Last(find) is { } text ? JsonSerializer.Deserialize<T>($"\"{text}\"", Options) : default;
    }

    /// <summary>Every setting of an experiment by its path, such as "schedule.epochs", with its value as a text.</summary>
    /// <param name="experiment">The experiment.</param>
    public static IEnumerable<(string Path, string Value)> Settings(Experiment experiment) => Flatten(ToJson(experiment), "");

    /// <summary>Sets a value in a layer, creating the sections on the way.</summary>
    /// <param name="layer">The layer to change.</param>
    /// <param name="path">Keys joined by dots, such as "schedule.epochs".</param>
    /// <param name="value">The value.</param>
    public static void Set(JsonObject layer, string path, JsonNode value)
    {
        string[] keys = path.Split('.');
        foreach (string key in keys[..^1])
        {
            if (layer[key] is not JsonObject section) layer[key] = section = [];
            layer = section;
        }
        layer[keys[^1]] = value;
    }

    /// <summary>Reports unknown keys and values of wrong types, and removes them, so that the rest can be checked too.</summary>
    private static void RemoveFaults(JsonObject node, Type type, string prefix, List<string> errors)
    {
        var properties = Options.GetTypeInfo(type).Properties;
        foreach (var (key, value) in node.ToList())
        {
            if (Fault(key, value) is not { } fault) continue;
            errors.Add($"{prefix}{key}: {fault}");
            node.Remove(key);
        }

        string? Fault(string key, JsonNode? value)
        {
            if (properties.FirstOrDefault(p => p.Name == key) is not { } property) return $"unknown key{Spelling.Suggestion(key, properties.Select(p => p.Name))}";
            if (Options.GetTypeInfo(property.PropertyType).Kind != JsonTypeInfoKind.Object)
                return IsOf(property.PropertyType, value) ? null : $"must be {Expected(property.PropertyType)}, not {Written(value)}";
            if (value is not JsonObject section) return $"must be an object, not {Written(value)}";
            RemoveFaults(section, property.PropertyType, $"{prefix}{key}.", errors);
            return null;
        }
    }

    private static string Written(JsonNode? value) => value?.ToJsonString() ?? "null";

    private static bool IsOf(Type type, JsonNode? value)
    {
        try
        {
            return value?.Deserialize(type, Options) is not null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private static string Expected(Type type) =>
        type.IsEnum ? "one of " + string.Join(", ", Enum.GetValues(type).Cast<Enum>().Select(Name))
        : type == typeof(string) ? "a text"
        : type == typeof(bool) ? "true or false"
        : type == typeof(double) ? "a number"
        : type == typeof(ulong) ? "a whole number of at least 0"
        : "a whole number";

    private static IEnumerable<(string Path, string Value)> Flatten(JsonObject section, string prefix) =>
        section.SelectMany(pair => pair.Value is JsonObject inner ? Flatten(inner, $"{prefix}{pair.Key}.") : [(prefix + pair.Key, pair.Value!.ToString())]);

    private static void Overlay(JsonObject target, JsonObject layer)
    {
        foreach (var (key, value) in layer)
        {
            if (value is JsonObject section) Overlay(target[key]!.AsObject(), section);
            else target[key] = value?.DeepClone();
        }
    }

    private static InvalidInputException Failure(string source, List<string> errors)
    {
        string[] lines = [.. errors.Select(Serialization.InputFile.OneLine)];
        return new(lines is [var only] ? $"{source}: {only}" : string.Create(CultureInfo.InvariantCulture, $"{source}: {lines.Length} errors:\n  {string.Join("\n  ", lines)}"));
    }

    internal static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
