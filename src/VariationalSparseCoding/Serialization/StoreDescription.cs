using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace VariationalSparseCoding.Serialization;

/// <summary>One shard of a store.</summary>
/// <param name="File">The file's name within the store's folder.</param>
/// <param name="Rows">How many rows it holds.</param>
internal sealed record StoreShard([property: JsonRequired] string File, [property: JsonRequired] long Rows);

/// <summary>The model whose activations a store holds.</summary>
/// <param name="File">The model's file.</param>
/// <param name="Sha256">The SHA-256 of its bytes, as 64 hexadecimal digits.</param>
internal sealed record StoreModel([property: JsonRequired] string File, [property: JsonRequired] string Sha256);

/// <summary>
/// What a store says of itself in <see cref="FileName"/>: a folder of shards in the safetensors format, each with one tensor <see cref="TensorName"/>, [n, D], of float32 or float16.
/// </summary>
internal sealed record StoreDescription
{
    /// <summary>The description's file in the store's folder.</summary>
    public const string FileName = "store.json";

    /// <summary>The name of the tensor in each shard.</summary>
    public const string TensorName = "activations";

    /// <summary>A <see cref="Type"/>.</summary>
    public const string Float32 = "float32", Float16 = "float16";

    private const string KnownFormat = "vsc-store", Advice = "copy the folder again, or collect it anew";
    private const int KnownVersion = 1;

    /// <summary>The name of the format.</summary>
    [JsonRequired]
    public string Format { get; init; } = KnownFormat;

    /// <summary>The version of the format.</summary>
    [JsonRequired]
    public int Version { get; init; } = KnownVersion;

    /// <summary>Values per row, D.</summary>
    [JsonRequired]
    public int Dimension { get; init; }

    /// <summary>Rows of all shards, N.</summary>
    [JsonRequired]
    public long Count { get; init; }

    /// <summary>Whether the store was written to its end; false while it is being written.</summary>
    public bool Complete { get; init; }

    /// <summary>The element type of all shards: <see cref="Float32"/> or <see cref="Float16"/>.</summary>
    [JsonRequired]
    public string Type { get; init; } = Float32;

    /// <summary>The shards in the order of their rows.</summary>
    [JsonRequired]
    public IReadOnlyList<StoreShard> Shards { get; init; } = [];

    /// <summary>The model whose activations these are; null if not known.</summary>
    public StoreModel? Model { get; init; }

    /// <summary>The name of the model's tensor; null if not known.</summary>
    public string? Tensor { get; init; }

    /// <summary>Where the model's input came from, in the words of whoever wrote the store; null if not known.</summary>
    public JsonObject? Source { get; init; }

    /// <summary>When the store was begun; null if not known.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Bytes of a value.</summary>
    [JsonIgnore]
    public int ValueBytes => Type == Float16 ? sizeof(ushort) : sizeof(float);

    /// <summary>Whether a folder says that it is a store.</summary>
    /// <param name="folder">The folder.</param>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>Reads the description of a store. Its shards are not looked at.</summary>
    /// <param name="folder">The store's folder.</param>
    /// <exception cref="InvalidInputException">There is none, or it contradicts itself.</exception>
    public static StoreDescription Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            var description = JsonSerializer.Deserialize(InputFile.ReadBytes(path), StoreJson.Default.StoreDescription) ?? throw new JsonException("it is null");
            return description.Fault is { } fault ? throw new JsonException(fault) : description;
        }
        catch (JsonException failure)
        {
            throw InputFile.Malformed(path, $"it does not describe a store ({failure.Message})", Advice, failure);
        }
    }

    /// <summary>Writes the description whole.</summary>
    /// <param name="folder">The store's folder.</param>
    /// <exception cref="InvalidInputException">It cannot be created there.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Write(string folder) => AtomicFile.Write(Path.Combine(folder, FileName), stream =>
    {
        JsonSerializer.Serialize(stream, this, StoreJson.Default.StoreDescription);
        stream.WriteByte((byte)'\n');
    });

    /// <summary>What is wrong with the description itself; null if nothing is.</summary>
    [JsonIgnore]
    public string? Fault
    {
        get
        {
            if (Format != KnownFormat) return $"the format is '{Format}', not '{KnownFormat}'";
            if (Version != KnownVersion) return $"the version is {Version}, and this program reads {KnownVersion}";
            if (Dimension < 1) return $"the dimension {Dimension} is not positive";
            if (Type is not (Float32 or Float16)) return $"the type is '{Type}', not {Float32} or {Float16}";
            Int128 rows = 0;
            if (Shards is null) return "it names no shards";
            foreach (var shard in Shards)
            {
                if (shard is not { File.Length: > 0 } || Path.GetFileName(shard.File) != shard.File || shard.File is "." or "..") return $"'{shard?.File}' is not the name of a file in the folder";
                if (shard.Rows < 1) return $"the shard {shard.File} has {shard.Rows} rows";
                rows += shard.Rows;
            }
            return rows == Count ? null : $"the count is {Count} where the shards have {rows} rows";
        }
    }
}

/// <summary>The generated code that writes and reads <see cref="StoreDescription"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoreDescription))]
internal sealed partial class StoreJson : JsonSerializerContext;
