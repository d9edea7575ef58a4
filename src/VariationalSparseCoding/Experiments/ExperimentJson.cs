using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace VariationalSparseCoding.Experiments;

/// <summary>
/// Reads and writes experiments. A file names only what differs from its method's defaults; what is written is fully resolved.
/// All errors of a file are reported at once, and an unknown key with the nearest known one.
/// </summary>
internal static class ExperimentJson
{
    /// <summary>The longest file that is read, in bytes.</summary>
    public const int LargestFile = 1 << 20;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>How experiments are written.</summary>
    internal static JsonSerializerOptions Options => ExperimentSchema.Settings;

    /// <summary>An experiment as JSON, fully resolved.</summary>
    /// <param name="experiment">The experiment.</param>
    public static JsonObject ToJson(Experiment experiment) => JsonSerializer.SerializeToNode(experiment, ExperimentSchema.InfoOf<Experiment>())!.AsObject();

    /// <summary>Returns the name of an enumeration's value as experiments have it: in kebab-case.</summary>
    /// <param name="value">The value.</param>
    public static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>Reads the JSON object of a file, without looking at its keys.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file cannot be read or is not a JSON object.</exception>
    public static JsonObject ReadObject(string path)
    {
        try
        {
            if (Directory.Exists(path)) throw new InvalidInputException($"{path}: is a folder; name an experiment's JSON file.");
            if (!File.Exists(path)) throw new InvalidInputException($"{path}: no such file; name an experiment's JSON file.");
            using var stream = RegularFile.Open(path);
            if (stream.Length > LargestFile) throw new InvalidInputException($"{path}: larger than {LargestFile} bytes; this is not an experiment.");
            byte[] text = new byte[stream.Length];
            stream.ReadExactly(text);
            return ParseObject(path, text);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: cannot be read: {OneLine(error.Message)}", error);
        }
    }

    /// <summary>Parses a JSON object; a byte order mark, comments and trailing commas are allowed, duplicate keys are not.</summary>
    /// <param name="source">What to name in errors.</param>
    /// <param name="utf8">The text.</param>
    /// <exception cref="InvalidInputException">It is not a JSON object.</exception>
    public static JsonObject ParseObject(string source, byte[] utf8)
    {
        // Names are decoded when they are first looked at, so that the parser itself lets invalid ones pass.
        if (!Utf8.IsValid(utf8)) throw new InvalidInputException($"{source}: not valid JSON: the text is not UTF-8; save it in that encoding.");
        try
        {
            var parsing = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };
            var text = utf8.AsSpan();
            if (text.StartsWith(ByteOrderMark)) text = text[ByteOrderMark.Length..];
            return JsonNode.Parse(text, documentOptions: parsing) as JsonObject ?? throw new InvalidInputException($"{source}: must hold a JSON object.");
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
    /// <param name="layers">Partial experiments, each with the keys of <see cref="ToJson"/>; former names of keys are read too.</param>
    /// <exception cref="InvalidInputException">Something is wrong; the message lists every error, one a line.</exception>
    public static Experiment Resolve(string source, params IReadOnlyList<JsonObject> layers)
    {
        var errors = new List<string>();
        JsonObject[] sound = [.. layers.Select(layer => ExperimentLayer.Checked(layer, errors))];
        foreach (var layer in sound) CompleteWritten(layer);
        string name = Last(layer => layer["method"])?.GetValue<string>() ?? MethodTable.Default.Name;
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
        foreach (var layer in sound) ExperimentLayer.Overlay(resolved, layer);
        var experiment = resolved.Deserialize(ExperimentSchema.InfoOf<Experiment>())!;
        errors.AddRange(experiment.Validate());
        return errors.Count > 0 ? throw Failure(source, errors) : experiment;

        JsonNode? Last(Func<JsonObject, JsonNode?> find) => sound.Select(find).LastOrDefault(node => node is not null);

        T Choice<T>(Func<JsonObject, JsonNode?> find) where T : struct, Enum => Last(find) is { } chosen ? chosen.Deserialize(ExperimentSchema.InfoOf<T>()) : default;
    }

    /// <summary>Lists every setting of an experiment by its path, such as "schedule.epochs", with its value as a text.</summary>
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

    /// <summary>Joins the lines of a message.</summary>
    /// <param name="text">The message.</param>
    internal static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static IEnumerable<(string Path, string Value)> Flatten(JsonObject section, string prefix) =>
        section.SelectMany(pair => pair.Value is JsonObject inner ? Flatten(inner, $"{prefix}{pair.Key}.") : [(prefix + pair.Key, pair.Value!.ToString())]);

    // What was written as a whole, with the versions that wrote it, says by a key that it leaves out that there was no choice yet.
    private static void CompleteWritten(JsonObject layer)
    {
        const string Key = "stepSizes";
        if (layer.ContainsKey("createdWith") && layer["schedule"] is JsonObject schedule && !schedule.ContainsKey(Key)) schedule[Key] = Name(StepSizes.Fixed);
    }

    private static InvalidInputException Failure(string source, List<string> errors)
    {
        string[] lines = [.. errors.Select(PrintableText.Of)];
        return new(lines is [var only] ? $"{source}: {only}" : string.Create(CultureInfo.InvariantCulture, $"{source}: {lines.Length} errors:\n  {string.Join("\n  ", lines)}"));
    }
}
