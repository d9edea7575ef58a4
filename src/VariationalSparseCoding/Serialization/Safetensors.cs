using System.Buffers.Binary;
using System.Text.Json;

namespace VariationalSparseCoding.Serialization;

/// <summary>
/// Files of named tensors in the safetensors format (https://github.com/huggingface/safetensors): the header's length in 8 bytes, a JSON header,
/// the raw values. Element types F64, F32, F16, BF16, I64, I32, U8 and BOOL; a tensor takes less than 2 GB. What is written here carries a
/// <see cref="SafetensorsChecksum"/>, which is checked where it is there.
/// </summary>
internal static class Safetensors
{
    private const int Alignment = 8;

    // A file without a length, such as a compressed one, is not trusted with more memory than twice what it has delivered.
    private const int FirstBlock = 1 << 20;

    /// <summary>Writes a file whole: see <see cref="AtomicFile"/>.</summary>
    /// <param name="path">The file's final path.</param>
    /// <param name="tensors">The tensors, with different names.</param>
    /// <param name="metadata">Strings to store beside them.</param>
    /// <exception cref="ArgumentException">A name is used twice or reserved.</exception>
    /// <exception cref="InvalidInputException">The file cannot be created there, or a tensor takes 2 GB or more.</exception>
    /// <exception cref="IOException">The disk is full or the folder cannot be written.</exception>
    public static void Write(string path, IEnumerable<StateTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));

    /// <summary>Writes to a stream. Equal content gives equal bytes: larger element types come first (so that all are aligned), then names in ordinal order.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="tensors">The tensors, with different names.</param>
    /// <param name="metadata">Strings to store beside them.</param>
    /// <exception cref="ArgumentException">A name is used twice or reserved.</exception>
    /// <exception cref="InvalidInputException">A tensor takes 2 GB or more.</exception>
    public static void Write(Stream stream, IEnumerable<StateTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var ordered = tensors.OrderByDescending(tensor => tensor.Type.Bytes).ThenBy(tensor => tensor.Name, StringComparer.Ordinal).ToList();
        RequireWritable(ordered, metadata);
        byte[] header = Header(ordered, metadata);
        SafetensorsChecksum.Fill(header, ordered);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var tensor in ordered) stream.Write(tensor.Read());
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file is missing, damaged or not of this format.</exception>
    public static SafetensorsFile Read(string path) => InputFile.Read(path, stream => Read(stream, path, stream.Length));

    /// <summary>Reads a stream from its position to its end. Nothing that it declares is believed before it is there.</summary>
    /// <param name="stream">Where to read.</param>
    /// <param name="source">How messages name it.</param>
    /// <exception cref="InvalidInputException">The content is damaged or not of this format.</exception>
    public static SafetensorsFile Read(Stream stream, string source) =>
        InputFile.Read(stream, source, () => Read(stream, source, stream.CanSeek ? stream.Length - stream.Position : null));

    /// <summary>Reads only the header's strings; the cost does not depend on the size of the tensors, and the checksum is not checked.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file is missing, damaged or not of this format.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path) =>
        InputFile.Read(path, stream => WithoutChecksum(SafetensorsHeader.Read(stream, path, stream.Length).Metadata));

    /// <summary>Reads bytes of a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="count">How many bytes are wanted.</param>
    /// <param name="isThere">Whether the stream is known to hold so many; if not, memory is taken as they come.</param>
    /// <exception cref="EndOfStreamException">The stream ends before.</exception>
    internal static byte[] ReadBytes(Stream stream, int count, bool isThere)
    {
        byte[] bytes = new byte[isThere ? count : Math.Min(count, FirstBlock)];
        stream.ReadExactly(bytes);
        while (bytes.Length < count)
        {
            int known = bytes.Length;
            Array.Resize(ref bytes, (int)Math.Min(count, 2L * known));
            stream.ReadExactly(bytes.AsSpan(known));
        }
        return bytes;
    }

    private static SafetensorsFile Read(Stream stream, string source, long? length)
    {
        var header = SafetensorsHeader.Read(stream, source, length);
        if (header.Entries.FirstOrDefault(entry => entry.End - entry.Begin > Array.MaxLength) is { } large)
            throw InputFile.Malformed(source, $"tensor '{large.Name}' takes {large.End - large.Begin} bytes, and tensors of 2 GB and more are not read", "split it");
        var tensors = new List<StoredTensor>(header.Entries.Count);
        foreach (var entry in header.Entries)
        {
            byte[] values = ReadBytes(stream, (int)(entry.End - entry.Begin), isThere: length is not null);
            if (entry.Type == SafetensorsType.Bool && values.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)1))
                throw SafetensorsHeader.Malformed(source, $"tensor '{entry.Name}' of BOOL holds bytes other than 0 and 1");
            tensors.Add(new(entry.Name, entry.Type, entry.Shape, values));
        }
        if (length is null && stream.ReadByte() >= 0) throw SafetensorsHeader.Malformed(source, "it goes on behind its last tensor");
        bool hasChecksum = SafetensorsChecksum.IsIn(header.Metadata);
        if (hasChecksum ? !SafetensorsChecksum.Holds(header.Text, tensors) : SafetensorsChecksum.IsDisfigured(header.Text))
            throw SafetensorsHeader.Malformed(source, "its content does not match its checksum");
        return new(tensors.ToDictionary(tensor => tensor.Name), WithoutChecksum(header.Metadata)) { HasChecksum = hasChecksum };
    }

    private static void RequireWritable(List<StateTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata?.ContainsKey(SafetensorsChecksum.Key) == true) throw new ArgumentException($"The metadata's key '{SafetensorsChecksum.Key}' is written with the file; leave it out.", nameof(metadata));
        var names = new HashSet<string>(StringComparer.Ordinal) { SafetensorsHeader.MetadataKey };
        foreach (var tensor in tensors)
        {
            if (!names.Add(tensor.Name)) throw new ArgumentException($"The name '{tensor.Name}' is used twice, or reserved by the format.", nameof(tensors));
            if (tensor.ByteCount > Array.MaxLength) throw new InvalidInputException($"the tensor '{tensor.Name}' of {tensor.Form} takes {tensor.ByteCount} bytes, and tensors of 2 GB and more are not written; make the model smaller.");
        }
    }

    private static byte[] Header(List<StateTensor> ordered, IReadOnlyDictionary<string, string>? metadata)
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            json.WriteStartObject(SafetensorsHeader.MetadataKey);
            foreach (var (key, value) in (metadata ?? new Dictionary<string, string>()).Append(new(SafetensorsChecksum.Key, SafetensorsChecksum.Unknown)).OrderBy(pair => pair.Key, StringComparer.Ordinal))
                json.WriteString(key, value);
            json.WriteEndObject();
            long offset = 0;
            foreach (var tensor in ordered)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.Name);
                WriteNumbers(json, "shape", tensor.Shape);
                WriteNumbers(json, "data_offsets", [offset, offset += tensor.ByteCount]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (header.Length % Alignment != 0) header.WriteByte((byte)' ');
        return header.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    // Another program's metadata under the same key are its own.
    private static Dictionary<string, string> WithoutChecksum(Dictionary<string, string> metadata)
    {
        if (SafetensorsChecksum.IsIn(metadata)) metadata.Remove(SafetensorsChecksum.Key);
        return metadata;
    }
}
