using System.Text.Json;
using System.Text.Unicode;

namespace VariationalSparseCoding.Serialization;

/// <summary>
/// Stores of the program saev, protocol 2: metadata.json, shards.json, and shards of float32, [n, layers, tokens, D]. Every token of the chosen layer is a row, those of
/// class tokens too.
/// </summary>
internal static class SaevStore
{
    private const string Metadata = "metadata.json", Shards = "shards.json", Advice = "copy the store's folder again";

    /// <summary>Whether a folder says that it is such a store.</summary>
    /// <param name="folder">The folder.</param>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, Metadata)) && File.Exists(Path.Combine(folder, Shards));

    /// <summary>Opens the shards.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="layer">The number of the layer; empty for the only one.</param>
    /// <returns>The shards in order, which the caller disposes.</returns>
    /// <exception cref="InvalidInputException">The store is damaged, or the layer is not in it.</exception>
    public static IReadOnlyList<RowShard> Open(string folder, string layer)
    {
        string metadataFile = Path.Combine(folder, Metadata), shardsFile = Path.Combine(folder, Shards);
        using var metadata = Parse(metadataFile);
        var root = metadata.RootElement;
        if (Text("protocol") is var protocol && !protocol.StartsWith("2.", StringComparison.Ordinal)) throw Malformed($"its protocol is '{protocol}', not 2", "write the store again with saev 2");
        if (Text("dtype") is var type && type is not ("float32" or "torch.float32")) throw Malformed($"its dtype is '{type}', not float32", "write the store as float32");
        int dimension = Number("d_model");
        long tokens = Number("patches_per_ex") + (Member("cls_token", JsonValueKind.True, JsonValueKind.False).GetBoolean() ? 1 : 0);
        string[] layers = [.. Member("layers", JsonValueKind.Array).EnumerateArray().Select(number => number.ToString())];
        int index = layer.Length == 0 && layers.Length == 1 ? 0 : Array.IndexOf(layers, layer);
        if (index < 0) throw Malformed(layer.Length == 0 ? $"it has the layers {string.Join(", ", layers)}" : $"it has no layer '{layer}', but {string.Join(", ", layers)}", "say which by data.tensor");

        var opened = new List<RowShard>();
        try
        {
            foreach (var (name, count) in List(shardsFile))
            {
                string path = Path.Combine(folder, name);
                Int128 rows = (Int128)count * tokens, end = rows * layers.Length * dimension * sizeof(float);
                if (end > long.MaxValue) throw InputFile.Malformed(shardsFile, $"the shard {name} cannot have {count} examples", Advice);
                opened.Add(RowFile.Open(path, stream => end <= stream.Length
                    ? new(StoredNumber.Float32, index * tokens * dimension * sizeof(float), (long)rows, dimension, tokens, layers.Length * tokens)
                    : throw InputFile.Malformed(path, $"{count} examples take {end} bytes but the file holds {stream.Length}", "copy it again")));
            }
            return opened;
        }
        catch
        {
            foreach (var shard in opened) shard.Dispose();
            throw;
        }

        JsonElement Member(string name, params ReadOnlySpan<JsonValueKind> kinds) =>
            root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && kinds.Contains(value.ValueKind) ? value : throw Malformed($"its '{name}' is missing or of another kind", Advice);
        string Text(string name) => Member(name, JsonValueKind.String).GetString()!;
        int Number(string name) => Member(name, JsonValueKind.Number).TryGetInt32(out int value) && value is >= 1 and <= 1 << 24 ? value : throw Malformed($"its '{name}' is not a number that is possible", Advice);
        InvalidInputException Malformed(string cause, string advice) => InputFile.Malformed(metadataFile, cause, advice);
    }

    private static List<(string Name, long Count)> List(string path)
    {
        using var list = Parse(path);
        var shards = new List<(string, long)>();
        if (list.RootElement.ValueKind != JsonValueKind.Array) throw InputFile.Malformed(path, "it is not a list of shards", Advice);
        foreach (var shard in list.RootElement.EnumerateArray())
        {
            if (shard.ValueKind != JsonValueKind.Object
                || !shard.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String || name.GetString() is not { Length: > 0 } file || Path.GetFileName(file) != file || file is "." or ".."
                || !shard.TryGetProperty("n_ex", out var examples) || examples.ValueKind != JsonValueKind.Number || !examples.TryGetInt64(out long count) || count < 1)
                throw InputFile.Malformed(path, "each shard needs the name of a file in the folder and a number n_ex of examples", Advice);
            shards.Add((file, count));
        }
        return shards.Count > 0 ? shards : throw InputFile.Malformed(path, "it names no shards", Advice);
    }

    private static JsonDocument Parse(string path)
    {
        byte[] text = InputFile.ReadBytes(path);
        // Texts are decoded when they are first looked at, so that the parser itself lets invalid ones pass.
        if (!Utf8.IsValid(text)) throw InputFile.Malformed(path, "it is not UTF-8", Advice);
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException failure)
        {
            throw InputFile.Malformed(path, $"it is not valid JSON ({failure.Message})", Advice, failure);
        }
    }
}
