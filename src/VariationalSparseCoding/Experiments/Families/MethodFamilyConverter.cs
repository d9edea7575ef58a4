using System.Text.Json;
using System.Text.Json.Serialization;

namespace VariationalSparseCoding.Experiments;

/// <summary>Writes a family by its name, and reads it from the table of methods.</summary>
internal sealed class MethodFamilyConverter : JsonConverter<MethodFamily>
{
    /// <inheritdoc/>
    public override MethodFamily Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        (reader.TokenType == JsonTokenType.String ? MethodTable.FindFamily(reader.GetString()!) : null) ?? throw new JsonException("This is not the name of a family of methods.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, MethodFamily value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
}
