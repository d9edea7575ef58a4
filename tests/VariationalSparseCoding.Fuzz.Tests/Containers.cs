using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Fuzz.Tests;

/// <summary>Puts damaged content into intact containers, so that it comes through compression and checksums to the reader behind them.</summary>
internal static class Containers
{
    private const int PngSignature = 8, PngFrame = 12;

    /// <summary>Writes an archive.</summary>
    /// <param name="members">Names and contents.</param>
    public static byte[] Zip(IEnumerable<(string Name, byte[] Content)> members)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in members)
            {
                using var member = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                member.Write(content);
            }
        return file.ToArray();
    }

    /// <summary>The members of an archive.</summary>
    /// <param name="archive">The archive.</param>
    public static (string Name, byte[] Content)[] Unzip(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive), ZipArchiveMode.Read);
        return [.. zip.Entries.Select(entry =>
        {
            using var content = new MemoryStream();
            using (var stream = entry.Open()) stream.CopyTo(content);
            return (entry.FullName, content.ToArray());
        })];
    }

    /// <summary>Damages a part of an archive and packs it again.</summary>
    /// <param name="members">The intact members.</param>
    /// <param name="damages">What is done.</param>
    public static byte[] Repack((string Name, byte[] Content)[] members, Damages damages)
    {
        var changed = members.ToArray();
        int hit = damages.Below(members.Length);
        changed[hit].Content = damages.Damage(members[hit].Content, damages.Choose(members).Content);
        return Zip(changed);
    }

    /// <summary>Gives a safetensors file the checksum of its content, where it still has the place for it.</summary>
    /// <param name="file">The file, which is changed.</param>
    public static byte[] Checksummed(byte[] file)
    {
        ReadOnlySpan<byte> marker = "\"checksum\":\"crc32c:"u8;
        int place = file.AsSpan().IndexOf(marker) + marker.Length;
        if (place < marker.Length || file.Length < place + 8) return file;
        "00000000"u8.CopyTo(file.AsSpan(place));
        Encoding.ASCII.GetBytes(Crc32C.Of(file.AsSpan(sizeof(ulong))).ToString("x8", System.Globalization.CultureInfo.InvariantCulture)).CopyTo(file.AsSpan(place));
        return file;
    }

    /// <summary>Damages one chunk of a PNG, or the pixels behind its compression, and sets its length and checksum right.</summary>
    /// <param name="png">The intact image.</param>
    /// <param name="damages">What is done.</param>
    public static byte[] Png(byte[] png, Damages damages)
    {
        List<(int Start, int Length)> chunks = [];
        for (int start = PngSignature; start < png.Length; start += PngFrame + chunks[^1].Length) chunks.Add((start, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(start))));
        var (first, length) = damages.Choose(chunks);
        byte[] type = png[(first + 4)..(first + 8)], content = png[(first + 8)..(first + 8 + length)];
        bool inside = type.AsSpan().SequenceEqual("IDAT"u8) && damages.Below(2) == 0;
        content = damages.Damage(inside ? Inflated(content) : content, content);
        if (inside) content = Deflated(content);
        byte[] chunk = [.. new byte[4], .. type, .. content, .. new byte[4]];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32(chunk.AsSpan(4, 4 + content.Length)));
        return [.. png[..first], .. chunk, .. png[(first + PngFrame + length)..]];
    }

    private static byte[] Inflated(byte[] content)
    {
        using var result = new MemoryStream();
        using (var stream = new ZLibStream(new MemoryStream(content), CompressionMode.Decompress)) stream.CopyTo(result);
        return result.ToArray();
    }

    private static byte[] Deflated(byte[] content)
    {
        using var result = new MemoryStream();
        using (var stream = new ZLibStream(result, CompressionLevel.Fastest, leaveOpen: true)) stream.Write(content);
        return result.ToArray();
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint register = uint.MaxValue;
        foreach (byte value in bytes)
        {
            register ^= value;
            for (int bit = 0; bit < 8; bit++) register = register >> 1 ^ (0xEDB88320 & (0 - (register & 1)));
        }
        return ~register;
    }
}
