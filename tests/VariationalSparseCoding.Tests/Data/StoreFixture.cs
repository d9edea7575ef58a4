using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Tests.Data;

/// <summary>Writes small stores in every format, from rows whose values float16 and bfloat16 hold exactly.</summary>
internal static class StoreFixture
{
    public const int Columns = 5;

    /// <summary>Small whole numbers, different in every row, [N, 5].</summary>
    public static float[] Rows(int count, int first = 0) =>
        [.. Enumerable.Range(first, count).SelectMany(row => new float[] { row % 128, row / 128, row % 7 - 3, row % 5 * 0.25f, 1 - row % 3 })];

    public static byte[] Bytes(float[] values, StoredNumber number) => number switch
    {
        StoredNumber.Float16 => MemoryMarshal.AsBytes(Array.ConvertAll(values, value => (Half)value).AsSpan()).ToArray(),
        StoredNumber.BFloat16 => MemoryMarshal.AsBytes(Array.ConvertAll(values, value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)).AsSpan()).ToArray(),
        StoredNumber.Float32 => MemoryMarshal.AsBytes(values.AsSpan()).ToArray(),
        _ => MemoryMarshal.AsBytes(Array.ConvertAll(values, value => (double)value).AsSpan()).ToArray(),
    };

    public static byte[] Npy(float[] values, StoredNumber number, params long[] shape)
    {
        using var stream = new MemoryStream();
        NpyHeader.Write(stream, number switch { StoredNumber.Float16 => NpyHeader.Float16, StoredNumber.Float32 => NpyHeader.Float32, _ => NpyHeader.Float64 }, shape);
        stream.Write(Bytes(values, number));
        return stream.ToArray();
    }

    public static byte[] Npz(CompressionLevel level, params (string Name, byte[] Array)[] arrays)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, array) in arrays)
                using (var member = archive.CreateEntry(name + ".npy", level).Open()) member.Write(array);
        return stream.ToArray();
    }

    public static byte[] Safetensors(params (string Name, float[] Values, StoredNumber Number, long[] Shape)[] tensors)
    {
        using var stream = new MemoryStream();
        WriteSafetensors(stream, tensors);
        return stream.ToArray();
    }

    /// <summary>A store of saev: two examples a shard but the last, layers 3 and 7, two patches and a class token.</summary>
    public static void Saev(string folder, float[] rows, int layerIndex)
    {
        const int Layers = 2, Tokens = 3;
        Directory.CreateDirectory(folder);
        int examples = rows.Length / Columns / Tokens;
        File.WriteAllText(Path.Combine(folder, "metadata.json"), $$"""
            {"layers":[3,7],"patches_per_ex":{{Tokens - 1}},"cls_token":true,"d_model":{{Columns}},"n_ex":{{examples}},"patches_per_shard":6,"dtype":"float32","protocol":"2.1"}
            """);
        var shards = new List<string>();
        for (int first = 0; first < examples; first += 2)
        {
            int count = Math.Min(2, examples - first);
            // The last shard is as long as the others, and only its first examples count.
            float[] values = new float[2 * Layers * Tokens * Columns];
            Array.Fill(values, 99);
            for (int example = 0; example < count; example++)
                rows.AsSpan((first + example) * Tokens * Columns, Tokens * Columns).CopyTo(values.AsSpan((example * Layers + layerIndex) * Tokens * Columns));
            string name = $"acts{shards.Count:D6}.bin";
            File.WriteAllBytes(Path.Combine(folder, name), Bytes(values, StoredNumber.Float32));
            shards.Add($$"""{"name":"{{name}}","n_ex":{{count}}}""");
        }
        File.WriteAllText(Path.Combine(folder, "shards.json"), $"[{string.Join(',', shards)}]");
    }

    /// <summary>Our own store.</summary>
    public static void Own(string folder, float[] rows, string type = StoreDescription.Float32, int rowsOfShard = 40)
    {
        var description = new StoreDescription { Dimension = Columns, Type = type };
        var writer = StoreWriter.Create(folder, description, (long)rowsOfShard * Columns * description.ValueBytes);
        writer.Append(rows);
        writer.Complete();
    }

    private static void WriteSafetensors(MemoryStream stream, (string Name, float[] Values, StoredNumber Number, long[] Shape)[] tensors)
    {
        long offset = 0;
        var header = new StringBuilder("""{"__metadata__":{"made":"by hand"}""");
        foreach (var (name, values, number, shape) in tensors)
        {
            long bytes = Bytes(values, number).Length;
            string type = number switch { StoredNumber.Float16 => "F16", StoredNumber.BFloat16 => "BF16", StoredNumber.Float32 => "F32", _ => "F64" };
            header.Append($",{JsonSerializer.Serialize(name)}:{{\"dtype\":\"{type}\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{offset},{offset += bytes}]}}");
        }
        byte[] text = Encoding.UTF8.GetBytes(header.Append('}').ToString());
        stream.Write(BitConverter.GetBytes((long)text.Length));
        stream.Write(text);
        foreach (var (_, values, number, _) in tensors) stream.Write(Bytes(values, number));
    }
}
