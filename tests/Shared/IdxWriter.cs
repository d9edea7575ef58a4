using System.Buffers.Binary;
using System.IO.Compression;

namespace VariationalSparseCoding.Tests.Serialization;

/// <summary>Files in the IDX format, made byte by byte.</summary>
internal static class IdxWriter
{
    public static byte[] File(int[] dimensions, byte[] values)
    {
        byte[] file = new byte[4 + 4 * dimensions.Length + values.Length];
        (file[2], file[3]) = (8, (byte)dimensions.Length);
        for (int i = 0; i < dimensions.Length; i++) BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + 4 * i), dimensions[i]);
        values.CopyTo(file, 4 + 4 * dimensions.Length);
        return file;
    }

    public static byte[] Zip(byte[] content)
    {
        using var zipped = new MemoryStream();
        using (var stream = new GZipStream(zipped, CompressionLevel.Optimal)) stream.Write(content);
        return zipped.ToArray();
    }
}
