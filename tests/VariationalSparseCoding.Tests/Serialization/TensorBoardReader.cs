using System.Buffers.Binary;
using System.Text;

namespace VariationalSparseCoding.Tests.Serialization;

/// <summary>An event of a TensorBoard file.</summary>
/// <param name="WallTime">Seconds since 1970.</param>
/// <param name="Step">The step.</param>
/// <param name="FileVersion">The version, in the first event.</param>
/// <param name="Tag">The scalar's name.</param>
/// <param name="Value">The scalar.</param>
internal sealed record TensorBoardEvent(double WallTime, long Step, string? FileVersion, string? Tag, float? Value);

/// <summary>Reads TensorBoard's event files, by the formats' definitions alone: frames with their checksums bit by bit, and the protocol-buffer encoding of whatever fields there are.</summary>
internal static class TensorBoardReader
{
    public static List<TensorBoardEvent> Read(byte[] file)
    {
        var events = new List<TensorBoardEvent>();
        for (ReadOnlySpan<byte> rest = file; !rest.IsEmpty;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(rest);
            Assert.Equal(Masked(rest[..8]), BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]));
            var content = rest.Slice(12, length);
            Assert.Equal(Masked(content), BinaryPrimitives.ReadUInt32LittleEndian(rest[(12 + length)..]));
            events.Add(Event(content));
            rest = rest[(16 + length)..];
        }
        return events;
    }

    private static TensorBoardEvent Event(ReadOnlySpan<byte> message)
    {
        var fields = Fields(message);
        var values = fields.TryGetValue(5, out byte[]? summary) ? Fields(Fields(summary)[1]) : [];
        return new(BitConverter.ToDouble(fields[1]), fields.TryGetValue(2, out byte[]? step) ? BitConverter.ToInt64(step) : 0,
            fields.TryGetValue(3, out byte[]? version) ? Encoding.UTF8.GetString(version) : null,
            values.TryGetValue(1, out byte[]? tag) ? Encoding.UTF8.GetString(tag) : null, values.TryGetValue(2, out byte[]? value) ? BitConverter.ToSingle(value) : null);
    }

    /// <summary>The fields of a message by number; each occurs once.</summary>
    private static Dictionary<int, byte[]> Fields(ReadOnlySpan<byte> message)
    {
        var fields = new Dictionary<int, byte[]>();
        while (!message.IsEmpty)
        {
            ulong key = Varint(ref message);
            int length = (key & 7) switch { 1 => 8, 2 => (int)Varint(ref message), 5 => 4, _ => 0 };
            byte[] content = (key & 7) == 0 ? BitConverter.GetBytes(Varint(ref message)) : message[..length].ToArray();
            fields.Add((int)(key >> 3), content);
            message = message[length..];
        }
        return fields;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> message)
    {
        ulong number = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = message[0];
            message = message[1..];
            number |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return number;
        }
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        uint register = uint.MaxValue;
        foreach (byte value in bytes)
        {
            register ^= value;
            for (int bit = 0; bit < 8; bit++) register = (register & 1) != 0 ? register >> 1 ^ 0x82f63b78 : register >> 1;
        }
        register = ~register;
        return unchecked((register >> 15 | register << 17) + 0xa282ead8);
    }
}
