using System.Globalization;
using System.Text;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Serialization;

/// <summary>
/// The checksum in the metadata of a safetensors file, <c>"checksum":"crc32c:1a2b3c4d"</c>: the CRC-32C of the header's text, in which the checksum itself counts as
/// eight zeros, and of all values behind it. Files without it are of version 0.1 or of other programs.
/// </summary>
internal static class SafetensorsChecksum
{
    /// <summary>The key in the metadata, which only <see cref="Safetensors"/> writes.</summary>
    public const string Key = "checksum";

    /// <summary>The value that stands in the header until the checksum is known.</summary>
    public const string Unknown = Prefix + "00000000";

    private const string Prefix = "crc32c:";
    private const int Digits = 8;

    // Within a JSON string its quotes would be escaped: the first place with these bytes is the checksum's own.
    private static ReadOnlySpan<byte> Marker => "\"checksum\":\"crc32c:"u8;

    /// <summary>Puts the checksum in the place of <see cref="Unknown"/>.</summary>
    /// <param name="header">The header's text, with <see cref="Unknown"/> under <see cref="Key"/>.</param>
    /// <param name="tensors">The tensors in the order of the file.</param>
    public static void Fill(Span<byte> header, IEnumerable<StateTensor> tensors)
    {
        var checksum = new Crc32C();
        checksum.Append(header);
        foreach (var tensor in tensors) checksum.Append(tensor.Read());
        Text(checksum).CopyTo(header[(header.IndexOf(Marker) + Marker.Length)..]);
    }

    /// <summary>Whether metadata hold a checksum of this form.</summary>
    /// <param name="metadata">The strings of a header.</param>
    public static bool IsIn(IReadOnlyDictionary<string, string> metadata) => metadata.TryGetValue(Key, out string? value) && value.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether a header holds the checksum's key and form with one byte changed: the file had a checksum when it was written.</summary>
    /// <param name="header">The header's text as it stands in the file.</param>
    public static bool IsDisfigured(ReadOnlySpan<byte> header)
    {
        for (int place = 0; place <= header.Length - Marker.Length; place++)
        {
            int changed = 0;
            for (int i = 0; i < Marker.Length && changed < 2; i++)
                if (header[place + i] != Marker[i]) changed++;
            if (changed == 1) return true;
        }
        return false;
    }

    /// <summary>The note on a file that has none.</summary>
    /// <param name="source">The file.</param>
    public static string Missing(string source) =>
        PrintableText.Of($"{source}: carries no checksum, as files of version 0.1 and of other programs do not, so that damage to its numbers would not be seen; a file that is saved again has one");

    /// <summary>Whether a file that holds a checksum is what it was when it was written.</summary>
    /// <param name="header">The header's text as it stands in the file.</param>
    /// <param name="tensors">The tensors in the order of the file.</param>
    public static bool Holds(ReadOnlySpan<byte> header, IEnumerable<StateTensor> tensors)
    {
        int place = header.IndexOf(Marker) + Marker.Length;
        if (place < Marker.Length || header.Length < place + Digits) return false;
        var checksum = new Crc32C();
        checksum.Append(header[..place]);
        checksum.Append("00000000"u8);
        checksum.Append(header[(place + Digits)..]);
        foreach (var tensor in tensors) checksum.Append(tensor.Read());
        return header.Slice(place, Digits).SequenceEqual(Text(checksum));
    }

    private static byte[] Text(Crc32C checksum) => Encoding.ASCII.GetBytes(checksum.Value.ToString("x8", CultureInfo.InvariantCulture));
}
