using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace VariationalSparseCoding.Tests.Serialization;

/// <summary>Writes state dicts as torch.save does: an archive, stored as it is, of a pickle and of storages.</summary>
internal static class TorchWriter
{
    /// <summary>A file of float32 tensors.</summary>
    /// <param name="tensors">Names, values in C order, and shapes.</param>
    public static byte[] File(params (string Name, float[] Values, long[] Shape)[] tensors) => Archive(Pickle(tensors), [.. tensors.Select(tensor => MemoryMarshal.AsBytes(tensor.Values.AsSpan()).ToArray())]);

    /// <summary>A file of a given pickle and storages.</summary>
    public static byte[] Archive(byte[] pickle, params byte[][] storages)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("ae/data.pkl", pickle);
            for (int i = 0; i < storages.Length; i++) Add($"ae/data/{i}", storages[i]);
            Add("ae/version", "3\n"u8.ToArray());

            void Add(string name, byte[] content)
            {
                using var member = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                member.Write(content);
            }
        }
        return stream.ToArray();
    }

    /// <summary>The pickle of a state dict.</summary>
    public static byte[] Pickle(params (string Name, float[] Values, long[] Shape)[] tensors)
    {
        using var bytes = new MemoryStream();
        bytes.Write([0x80, 2]);
        bytes.Write("ccollections\nOrderedDict\nq"u8);
        bytes.Write([0, (byte)')', (byte)'R', (byte)'q', 1, (byte)'(']);
        for (int i = 0; i < tensors.Length; i++)
        {
            var (name, values, shape) = tensors[i];
            Text(name);
            bytes.Write("ctorch._utils\n_rebuild_tensor_v2\n(("u8);
            Text("storage");
            bytes.Write("ctorch\nFloatStorage\n"u8);
            Text(i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Text("cpu");
            Number(values.Length);
            bytes.Write("tQK\0"u8);
            Numbers(shape);
            long stride = 1;
            long[] strides = new long[shape.Length];
            for (int dimension = shape.Length - 1; dimension >= 0; stride *= shape[dimension--]) strides[dimension] = stride;
            Numbers(strides);
            bytes.Write([0x89]);
            bytes.Write("ccollections\nOrderedDict\n)RtR"u8);
        }
        bytes.Write("u."u8);
        return bytes.ToArray();

        void Text(string text)
        {
            byte[] length = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, Encoding.UTF8.GetByteCount(text));
            bytes.Write([(byte)'X', .. length, .. Encoding.UTF8.GetBytes(text)]);
        }

        void Number(long number)
        {
            byte[] value = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(value, (int)number);
            bytes.Write([(byte)'J', .. value]);
        }

        void Numbers(long[] numbers)
        {
            bytes.WriteByte((byte)'(');
            foreach (long number in numbers) Number(number);
            bytes.WriteByte((byte)'t');
        }
    }
}
