using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Serialization;

/// <summary>
/// Files of named tensors in the safetensors format (https://github.com/huggingface/safetensors): the header's length in 8 bytes, a JSON header,
/// the raw numbers. Element types F64, F32, BF16, I64, I32, U8 and BOOL.
/// </summary>
public static class Safetensors
{
    private const int Alignment = 8;

    // Tensor memory is seen through spans, which end at 2 GB.
    private const long ElementsPerBlock = 1 << 24;

    /// <summary>Writes a file whole: see <see cref="AtomicFile"/>.</summary>
    /// <param name="path">The file's final path.</param>
    /// <param name="tensors">The tensors by name, on any device.</param>
    /// <param name="metadata">Strings to store beside them.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));

    /// <summary>Writes to a stream. Equal content gives equal bytes: larger element types come first (so that all are aligned), then names in ordinal order.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="tensors">The tensors by name, on any device.</param>
    /// <param name="metadata">Strings to store beside them.</param>
    /// <exception cref="ArgumentException">A tensor has another element type than those of the format listed above, or the format's own reserved name.</exception>
    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var ordered = tensors.Select(pair => (Name: pair.Key, Tensor: pair.Value, Type: TypeOf(pair.Key, pair.Value)))
            .OrderByDescending(entry => entry.Type.Bytes).ThenBy(entry => entry.Name, StringComparer.Ordinal).ToList();
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            long offset = 0;
            foreach (var (name, tensor, type) in ordered)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", type.Name);
                WriteNumbers(json, "shape", tensor.shape);
                WriteNumbers(json, "data_offsets", [offset, offset += tensor.numel() * type.Bytes]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (header.Length % Alignment != 0) header.WriteByte((byte)' ');

        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        header.WriteTo(stream);
        foreach (var entry in ordered) WriteElements(stream, entry.Tensor);
    }

    /// <summary>Reads a file into tensors on the CPU, which the caller disposes.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file is missing, truncated or not of this format.</exception>
    public static (Dictionary<string, Tensor> Tensors, Dictionary<string, string> Metadata) Read(string path) => InputFile.Read(path, stream =>
    {
        var header = SafetensorsHeader.Read(stream);
        var tensors = new Dictionary<string, Tensor>();
        try
        {
            foreach (var entry in header.Entries)
            {
                var tensor = empty(entry.Shape, dtype: entry.Type.Scalar, device: CPU);
                tensors.Add(entry.Name, tensor);
                ReadElements(stream, tensor, entry);
            }
        }
        catch
        {
            foreach (var tensor in tensors.Values) tensor.Dispose();
            throw;
        }
        return (tensors, header.Metadata);
    });

    /// <summary>Reads only the header's strings; the cost does not depend on the size of the tensors.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file is missing, truncated or not of this format.</exception>
    public static Dictionary<string, string> ReadMetadata(string path) => InputFile.Read(path, stream => SafetensorsHeader.Read(stream).Metadata);

    private static SafetensorsType TypeOf(string name, Tensor tensor)
    {
        if (name == SafetensorsHeader.MetadataKey) throw new ArgumentException($"The name '{name}' is reserved by the format.", nameof(name));
        return SafetensorsType.All.FirstOrDefault(type => type.Scalar == tensor.dtype)
            ?? throw new ArgumentException($"Tensor '{name}' has the element type {tensor.dtype}, which is not written.", nameof(tensor));
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is not { Count: > 0 }) return;
        json.WriteStartObject(SafetensorsHeader.MetadataKey);
        foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static void WriteElements(Stream stream, Tensor tensor)
    {
        using var detached = tensor.detach();
        using var local = detached.cpu();
        using var flat = local.reshape(-1);
        using var contiguous = flat.contiguous();
        for (long first = 0; first < contiguous.numel(); first += ElementsPerBlock)
        {
            using var block = contiguous.narrow(0, first, Math.Min(ElementsPerBlock, contiguous.numel() - first));
            stream.Write(block.bytes);
        }
    }

    private static void ReadElements(FileStream stream, Tensor tensor, SafetensorsEntry entry)
    {
        using var flat = tensor.view(-1);
        for (long first = 0; first < flat.numel(); first += ElementsPerBlock)
        {
            using var block = flat.narrow(0, first, Math.Min(ElementsPerBlock, flat.numel() - first));
            var bytes = block.bytes;
            stream.ReadExactly(bytes);
            if (entry.Type.Scalar == ScalarType.Bool && bytes.ContainsAnyExceptInRange((byte)0, (byte)1))
                throw InputFile.Malformed(stream.Name, $"tensor '{entry.Name}' of BOOL holds bytes other than 0 and 1", "this is no intact safetensors file: copy or save it again");
        }
    }
}
