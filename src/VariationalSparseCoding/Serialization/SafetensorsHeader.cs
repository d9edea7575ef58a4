using System.Buffers.Binary;
using System.Text.Json;

namespace VariationalSparseCoding.Serialization;

/// <summary>One tensor's place in a safetensors file.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Type">The format's name of the element type.</param>
/// <param name="Shape">Lengths of the dimensions.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">Byte behind the last.</param>
internal sealed record SafetensorsEntry(string Name, SafetensorsType Type, long[] Shape, long Begin, long End);

/// <summary>The checked header of a safetensors file: whoever holds one knows that all its tensors lie in the file, side by side.</summary>
/// <param name="Entries">The tensors in the order of their bytes.</param>
/// <param name="Metadata">The map of strings.</param>
/// <param name="Text">The header as it stands in the file.</param>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, Dictionary<string, string> Metadata, byte[] Text)
{
    internal const string MetadataKey = "__metadata__";
    private const int LengthBytes = sizeof(ulong);
    private const long LongestHeader = 100_000_000;
    private const int MostDimensions = 32;

    /// <summary>Reads and checks a header; the stream is left at the first value.</summary>
    /// <param name="stream">The file, at its beginning.</param>
    /// <param name="source">How messages name it.</param>
    /// <param name="fileLength">Bytes of the whole file; null if it does not say.</param>
    /// <exception cref="InvalidInputException">The header contradicts itself or the file.</exception>
    public static SafetensorsHeader Read(Stream stream, string source, long? fileLength)
    {
        Span<byte> prefix = stackalloc byte[LengthBytes];
        stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > (ulong)Math.Min(LongestHeader, (fileLength ?? long.MaxValue) - LengthBytes))
            throw Malformed(source, $"it declares a header of {length} bytes, more than the file or the format can hold");
        byte[] text = Safetensors.ReadBytes(stream, (int)length, isThere: fileLength is not null);
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Parse(source, document.RootElement, text, fileLength - LengthBytes - (long)length);
        }
        // The second one is how the reader reports text that is not valid Unicode.
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            throw Malformed(source, $"its header is not the JSON object it should be ({failure.Message})", failure);
        }
    }

    private static SafetensorsHeader Parse(string source, JsonElement root, byte[] text, long? dataLength)
    {
        if (root.ValueKind != JsonValueKind.Object) throw Malformed(source, "its header is not a JSON object");
        var metadata = new Dictionary<string, string>();
        var entries = new List<SafetensorsEntry>();
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name == MetadataKey) metadata = ParseMetadata(source, property.Value);
            else entries.Add(ParseEntry(source, property.Name, property.Value));
        }
        entries.Sort((first, second) => (first.Begin, first.End).CompareTo((second.Begin, second.End)));
        long end = 0;
        foreach (var entry in entries)
        {
            if (entry.Begin != end) throw Malformed(source, $"tensor '{entry.Name}' begins at byte {entry.Begin} of the data instead of {end}");
            end = entry.End;
        }
        if (end != (dataLength ?? end))
            throw Malformed(source, $"its tensors take {end} bytes but the file holds {dataLength}");
        return new SafetensorsHeader(entries, metadata, text);
    }

    private static Dictionary<string, string> ParseMetadata(string source, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || element.EnumerateObject().Any(pair => pair.Value.ValueKind != JsonValueKind.String))
            throw Malformed(source, $"'{MetadataKey}' is not a map of strings");
        return element.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!);
    }

    private static SafetensorsEntry ParseEntry(string source, string name, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String
            || !element.TryGetProperty("shape", out var shape) || WholeNumbers(shape) is not { } lengths
            || !element.TryGetProperty("data_offsets", out var offsets) || WholeNumbers(offsets) is not [var begin, var end] || begin > end)
            throw Malformed(source, $"tensor '{name}' needs a dtype, a shape of at most {MostDimensions} dimensions and two rising data_offsets");
        if (SafetensorsType.All.FirstOrDefault(known => known.Name == dtype.GetString()) is not { } type)
            throw InputFile.Malformed(source, $"tensor '{name}' has dtype {dtype.GetString()}", $"save it as one of {string.Join(", ", SafetensorsType.All.Select(known => known.Name))}");
        if (ByteCount(lengths, type.Bytes) != end - begin)
            throw Malformed(source, $"tensor '{name}' of {type.Name} [{string.Join(", ", lengths)}] cannot take {end - begin} bytes");
        return new SafetensorsEntry(name, type, lengths, begin, end);
    }

    private static long[]? WholeNumbers(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() > MostDimensions) return null;
        long[] numbers = new long[element.GetArrayLength()];
        for (int i = 0; i < numbers.Length; i++)
            if (element[i].ValueKind != JsonValueKind.Number || !element[i].TryGetInt64(out numbers[i]) || numbers[i] < 0) return null;
        return numbers;
    }

    // An empty tensor may not hide dimensions whose strides overflow.
    private static long? ByteCount(long[] shape, int elementBytes)
    {
        Int128 strides = elementBytes;
        foreach (long length in shape)
            if ((strides *= Math.Max(length, 1)) > long.MaxValue) return null;
        return shape.Contains(0) ? 0 : (long)strides;
    }

    /// <summary>The exception for a file that is not what the format says.</summary>
    /// <param name="source">The file.</param>
    /// <param name="cause">What is wrong.</param>
    /// <param name="inner">The failure that revealed it, if any.</param>
    internal static InvalidInputException Malformed(string source, string cause, Exception? inner = null) =>
        InputFile.Malformed(source, cause, "this is not an intact safetensors file: copy or save it again", inner);
}
