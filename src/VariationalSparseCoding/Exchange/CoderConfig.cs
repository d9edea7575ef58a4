using System.Text.Json;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Exchange;

/// <summary>What another program says of its dictionary in JSON. Keys that nobody asks for are passed over, as that program does.</summary>
/// <param name="source">The file.</param>
/// <param name="keys">The object.</param>
internal sealed class CoderConfig(string source, JsonObject keys)
{
    private const long LongestFile = 1 << 20;

    /// <summary>How messages name the file.</summary>
    public string Source => source;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It is missing, or not a JSON object.</exception>
    public static CoderConfig Read(string path) => InputFile.Read(path, stream =>
    {
        if (stream.Length > LongestFile) throw InputFile.Malformed(path, $"it has {stream.Length} bytes, more than the settings of a dictionary take", "name the folder of a dictionary");
        byte[] text = new byte[stream.Length];
        stream.ReadExactly(text);
        return new CoderConfig(path, ExperimentJson.ParseObject(path, text));
    });

    /// <summary>Whether a key is there, and not null.</summary>
    /// <param name="key">The key.</param>
    public bool Has(string key) => keys[key] is not null;

    /// <summary>Returns a section; an empty one if it is not there.</summary>
    /// <param name="key">The key.</param>
    public CoderConfig Section(string key) => new(source, keys[key] as JsonObject ?? []);

    /// <summary>Returns a text.</summary>
    /// <param name="key">The key.</param>
    /// <param name="otherwise">What it is where it is not there or null.</param>
    public string Text(string key, string otherwise) => Value(key, JsonValueKind.String)?.GetValue<string>() ?? otherwise;

    /// <summary>Returns a truth value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="otherwise">What it is where it is not there or null.</param>
    public bool Flag(string key, bool otherwise) => Value(key, JsonValueKind.True, JsonValueKind.False)?.GetValue<bool>() ?? otherwise;

    /// <summary>Returns a number of at least 0.</summary>
    /// <param name="key">The key.</param>
    /// <param name="otherwise">What it is where it is not there or null.</param>
    public double Number(string key, double otherwise)
    {
        if (Value(key, JsonValueKind.Number) is not { } value) return otherwise;
        return value.TryGetValue(out double number) && double.IsFinite(number) && number >= 0 ? number : throw Malformed(key, "a number of at least 0");
    }

    /// <summary>Returns a whole number of at least 1.</summary>
    /// <param name="key">The key.</param>
    /// <param name="otherwise">What it is where it is not there or null; null if it must be there.</param>
    public int Count(string key, int? otherwise = null)
    {
        if (Value(key, JsonValueKind.Number) is not { } value) return otherwise ?? throw Malformed(key, "there");
        return value.TryGetValue(out double number) && number is >= 1 and <= int.MaxValue && number == Math.Floor(number) ? (int)number : throw Malformed(key, "a whole number of at least 1");
    }

    private JsonValue? Value(string key, params ReadOnlySpan<JsonValueKind> kinds)
    {
        if (keys[key] is not { } node) return null;
        return node is JsonValue value && kinds.Contains(node.GetValueKind()) ? value : throw Malformed(key, kinds[0] switch { JsonValueKind.String => "a text", JsonValueKind.Number => "a number", _ => "true or false" });
    }

    private InvalidInputException Malformed(string key, string wanted) => InputFile.Malformed(source, $"its key '{key}' must be {wanted}", "name the folder of a dictionary that was saved whole");
}
