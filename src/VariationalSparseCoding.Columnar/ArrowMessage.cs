using System.Buffers.Binary;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Columnar;

/// <summary>What the metadata of one message of Arrow's IPC format says, a flatbuffer, so far as it is needed to find rows without reading them.</summary>
/// <param name="Kind">What the message is.</param>
/// <param name="BodyLength">Bytes behind the metadata.</param>
/// <param name="Lengths">Of a record batch: how many entries each field has, in the order of the schema, each field before its children.</param>
internal sealed record ArrowMessage(ArrowMessageKind Kind, long BodyLength, IReadOnlyList<long> Lengths)
{
    private const int HeaderTypeField = 1, HeaderField = 2, BodyLengthField = 3, NodesField = 1, NodeBytes = 16;

    /// <summary>Reads metadata.</summary>
    /// <param name="buffer">The flatbuffer.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="InvalidInputException">It is damaged.</exception>
    public static ArrowMessage Parse(ReadOnlySpan<byte> buffer, string path)
    {
        try
        {
            int message = Follow(buffer, 0);
            int type = Field(buffer, message, HeaderTypeField), header = Field(buffer, message, HeaderField), body = Field(buffer, message, BodyLengthField);
            var kind = type == 0 ? ArrowMessageKind.None : (ArrowMessageKind)buffer[type];
            long bodyLength = body == 0 ? 0 : BinaryPrimitives.ReadInt64LittleEndian(buffer[body..]);
            if (bodyLength < 0) throw Malformed(path);
            return new(kind, bodyLength, kind == ArrowMessageKind.RecordBatch && header != 0 ? Nodes(buffer, Follow(buffer, header)) : []);
        }
        catch (Exception failure) when (failure is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            throw Malformed(path, failure);
        }
    }

    private static long[] Nodes(ReadOnlySpan<byte> buffer, int batch)
    {
        int field = Field(buffer, batch, NodesField);
        if (field == 0) return [];
        int vector = Follow(buffer, field), count = BinaryPrimitives.ReadInt32LittleEndian(buffer[vector..]);
        if (count < 0 || count > (buffer.Length - vector) / NodeBytes) throw new ArgumentOutOfRangeException(nameof(buffer));
        long[] lengths = new long[count];
        for (int i = 0; i < count; i++) lengths[i] = BinaryPrimitives.ReadInt64LittleEndian(buffer[(vector + sizeof(int) + i * NodeBytes)..]);
        return lengths;
    }

    private static int Follow(ReadOnlySpan<byte> buffer, int place) => checked(place + (int)BinaryPrimitives.ReadUInt32LittleEndian(buffer[place..]));

    /// <summary>The place of a table's field; 0 if it has its default.</summary>
    private static int Field(ReadOnlySpan<byte> buffer, int table, int field)
    {
        int entries = table - BinaryPrimitives.ReadInt32LittleEndian(buffer[table..]), entry = sizeof(int) + field * sizeof(ushort);
        if (entry + sizeof(ushort) > BinaryPrimitives.ReadUInt16LittleEndian(buffer[entries..])) return 0;
        int offset = BinaryPrimitives.ReadUInt16LittleEndian(buffer[(entries + entry)..]);
        return offset == 0 ? 0 : table + offset;
    }

    private static InvalidInputException Malformed(string path, Exception? inner = null) => InputFile.Malformed(path, "the metadata of a message are damaged", "this is not an intact Arrow file: copy or save it again", inner);
}

/// <summary>The kinds of messages, as the format numbers them.</summary>
internal enum ArrowMessageKind : byte
{
    /// <summary>No message.</summary>
    None = 0,

    /// <summary>The schema.</summary>
    Schema = 1,

    /// <summary>Values that columns refer to.</summary>
    DictionaryBatch = 2,

    /// <summary>Rows of all columns.</summary>
    RecordBatch = 3,
}
