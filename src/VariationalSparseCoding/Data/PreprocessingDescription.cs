using System.Text.Json;
using System.Text.Json.Serialization;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Data;

/// <summary>A <see cref="Preprocessing"/> without its statistics, as models hold it in their metadata.</summary>
/// <param name="Kind">What a sample is.</param>
/// <param name="Dimension">Values per sample, D.</param>
/// <param name="PatchSize">Rows and columns of a patch; null for vectors and whole images.</param>
/// <param name="WhiteningScale">The number by which whitened images were scaled, or null.</param>
/// <param name="Standardised">Whether there are statistics.</param>
/// <param name="Shape">The shape of whole images, [channels, rows, columns], or null.</param>
/// <param name="AlignedFaces">Whether whole images are the aligned faces of CelebA.</param>
internal sealed record PreprocessingDescription(
    [property: JsonRequired] SampleKind Kind, [property: JsonRequired] int Dimension, int? PatchSize, double? WhiteningScale, [property: JsonRequired] bool Standardised,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int[]? Shape = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool AlignedFaces = false)
{
    private const int LargestSide = 1 << 12;

    /// <summary>Whether the shape is one that whole images can have.</summary>
    [JsonIgnore]
    public bool IsShape => Shape is [1 or 3, >= 1 and <= LargestSide, >= 1 and <= LargestSide];

    /// <summary>The shape of whole images, if there is one.</summary>
    [JsonIgnore]
    public ImageShape? ImageShape => Shape is [var channels, var height, var width] ? new(channels, height, width) : null;

    /// <summary>Returns the description as one line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, PreprocessingJson.Default.PreprocessingDescription);

    /// <summary>Reads a description.</summary>
    /// <param name="json">What <see cref="ToJson"/> returned.</param>
    /// <exception cref="JsonException">It is something else.</exception>
    public static PreprocessingDescription Parse(string json) => JsonSerializer.Deserialize(json, PreprocessingJson.Default.PreprocessingDescription) ?? throw new JsonException("it is null");
}

/// <summary>The names of <see cref="SampleKind"/> in JSON: image-patches, vectors, images.</summary>
internal sealed class SampleKindConverter() : JsonStringEnumConverter<SampleKind>(JsonNamingPolicy.KebabCaseLower);

/// <summary>The generated code that writes and reads <see cref="PreprocessingDescription"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, Converters = [typeof(SampleKindConverter)])]
[JsonSerializable(typeof(PreprocessingDescription))]
internal sealed partial class PreprocessingJson : JsonSerializerContext;
