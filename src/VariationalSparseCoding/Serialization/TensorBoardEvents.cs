using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace VariationalSparseCoding.Serialization;

/// <summary>
/// Writes scalars for TensorBoard: a file of TensorFlow's record format (length, CRC, content, CRC), each record an <c>Event</c> in protocol-buffer encoding
/// (tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto). The file is not kept open, so that what was added stays if the process ends.
/// </summary>
internal sealed class TensorBoardEvents
{
    // Field numbers of Event, of Summary and of Summary.Value, with the wire type in the lowest three bits.
    private const byte WallTime = 1 << 3 | Fixed64, Step = 2 << 3 | Varint, FileVersion = 3 << 3 | Delimited, Summary = 5 << 3 | Delimited;
    private const byte Value = 1 << 3 | Delimited;
    private const byte Tag = 1 << 3 | Delimited, SimpleValue = 2 << 3 | Fixed32;
    private const byte Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

    private static int files;

    private readonly string path;

    /// <summary>Starts a new file.</summary>
    /// <param name="folder">The folder of the event files, which is created if it is missing; TensorBoard shows all of its files as one run.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public TensorBoardEvents(string folder)
    {
        Directory.CreateDirectory(folder);
        // TensorBoard looks for the first three words, and reads the files in the order of their names.
        path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture,
            $"events.out.tfevents.{DateTimeOffset.UtcNow.ToUnixTimeSeconds():D10}.{Environment.MachineName}.{Environment.ProcessId}.{Interlocked.Increment(ref files):D4}"));
        using var content = new MemoryStream();
        WriteDouble(content, WallTime, Now());
        WriteBytes(content, FileVersion, "brain.Event:2"u8);
#pragma warning disable RS0030 // TensorBoard reads the file while it grows.
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
#pragma warning restore RS0030
        WriteRecord(file, content.ToArray());
    }

    /// <summary>Adds scalars.</summary>
    /// <param name="step">The step that they belong to, at least 0.</param>
    /// <param name="scalars">Names, such as train/loss, and values.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Add(long step, IEnumerable<(string Tag, float Value)> scalars)
    {
        using var records = new MemoryStream();
        foreach (var (tag, value) in scalars)
        {
            using MemoryStream content = new(), summary = new(), entry = new();
            WriteBytes(entry, Tag, Encoding.UTF8.GetBytes(tag));
            WriteSingle(entry, SimpleValue, value);
            WriteBytes(summary, Value, entry.ToArray());
            WriteDouble(content, WallTime, Now());
            content.WriteByte(Step);
            WriteVarint(content, (ulong)step);
            WriteBytes(content, Summary, summary.ToArray());
            WriteRecord(records, content.ToArray());
        }
#pragma warning disable RS0030 // TensorBoard reads the file while it grows.
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write);
#pragma warning restore RS0030
        records.WriteTo(file);
    }

    private static double Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;

    private static void WriteRecord(Stream stream, ReadOnlySpan<byte> content)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)content.Length);
        stream.Write(length);
        WriteChecksum(stream, length);
        stream.Write(content);
        WriteChecksum(stream, content);
    }

    /// <summary>Writes the masked checksum of the format, in which a checksum of data that holds checksums is not a special number.</summary>
    private static void WriteChecksum(Stream stream, ReadOnlySpan<byte> content)
    {
        const uint delta = 0xa282ead8;
        Span<byte> masked = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(masked, unchecked(uint.RotateRight(Crc32C.Of(content), 15) + delta));
        stream.Write(masked);
    }

    private static void WriteDouble(Stream stream, byte field, double value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        stream.WriteByte(field);
        stream.Write(bytes);
    }

    private static void WriteSingle(Stream stream, byte field, float value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        stream.WriteByte(field);
        stream.Write(bytes);
    }

    private static void WriteBytes(Stream stream, byte field, ReadOnlySpan<byte> bytes)
    {
        stream.WriteByte(field);
        WriteVarint(stream, (ulong)bytes.Length);
        stream.Write(bytes);
    }

    private static void WriteVarint(Stream stream, ulong number)
    {
        for (; number >= 0x80; number >>= 7) stream.WriteByte((byte)(number | 0x80));
        stream.WriteByte((byte)number);
    }
}
