using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck.Fluent;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Tests.Serialization;

public class SafetensorsTests
{
    private static byte[] Bytes(StateTensor[] tensors, Dictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, tensors, metadata);
        return stream.ToArray();
    }

    private static StoredTensor Of<T>(string name, SafetensorsType type, T[] values, params long[] shape) where T : unmanaged => new(name, type, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    private static byte[] File(string header, int dataBytes = 0)
    {
        byte[] text = Encoding.UTF8.GetBytes(header), file = new byte[8 + text.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, text.Length);
        text.CopyTo(file, 8);
        return file;
    }

    private static string Refusal(byte[] file)
    {
        using var folder = new ScratchFolder();
        string path = folder.Write("model.safetensors", file);
        Assert.Contains("model.safetensors", Assert.Throws<InvalidInputException>(() => Safetensors.ReadMetadata(path)).Message, StringComparison.Ordinal);
        return Assert.Throws<InvalidInputException>(() => Safetensors.Read(path)).Message;
    }

    [Fact]
    public void Every_element_type_comes_back_with_shape_and_value()
    {
        using var folder = new ScratchFolder();
        StoredTensor[] tensors =
        [
            StoredTensor.Of("double", [1.0, double.NaN, double.NegativeInfinity, -0.0], 2, 2), StoredTensor.Of("float", [1.5f, float.Epsilon, float.MaxValue], 3),
            Of("long", SafetensorsType.I64, [long.MinValue, 7L], 2), Of("int", SafetensorsType.I32, [int.MinValue, 7], 1, 2, 1), Of("byte", SafetensorsType.U8, new byte[] { 0, 255, 3 }, 3),
            Of("bool", SafetensorsType.Bool, [true, false, true], 3), Of("brain", SafetensorsType.BF16, new ushort[] { 0x3fc0, 0xc040 }, 2),
            StoredTensor.Of("scalar", [3.25f]), StoredTensor.Of("empty", Array.Empty<float>(), 0, 5),
        ];
        var metadata = new Dictionary<string, string> { ["format"] = "pt", ["with \"quotes\" é"] = "line\nbreak" };

        Safetensors.Write(folder.File("model.safetensors"), tensors, metadata);
        var (read, readMetadata) = Safetensors.Read(folder.File("model.safetensors"));

        Assert.Equal(metadata, readMetadata);
        Assert.Equal(metadata, Safetensors.ReadMetadata(folder.File("model.safetensors")));
        Assert.Equal(tensors.Select(tensor => tensor.Name).Order(), read.Keys.Order());
        foreach (var tensor in tensors)
        {
            Assert.True(tensor.IsLike(read[tensor.Name]), tensor.Form);
            Assert.Equal(tensor.Read(), read[tensor.Name].Read());
        }
        Assert.Equal([1.5f, float.Epsilon, float.MaxValue], read["float"].Floats.ToArray());
        Assert.Equal(-3, (double)BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(read["brain"].Read()[2..]) << 16));
    }

    [Fact]
    public void The_bytes_are_those_of_the_format_and_do_not_depend_on_the_order_of_adding()
    {
        StoredTensor a = StoredTensor.Of("a", [1f, 2f], 2), b = Of("b", SafetensorsType.Bool, [true], 1), c = StoredTensor.Of("c", [3.0], 1);
        byte[] bytes = Bytes([b, a, c], new() { ["z"] = "1", ["y"] = "2" });
        byte[] reordered = Bytes([c, a, b], new() { ["y"] = "2", ["z"] = "1" });

        Assert.Equal(bytes, reordered);
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        string header = Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' ');
        Assert.Matches("\"checksum\":\"crc32c:[0-9a-f]{8}\",", header);
        Assert.Equal("""{"__metadata__":{"y":"2","z":"1"},"c":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},"b":{"dtype":"BOOL","shape":[1],"data_offsets":[16,17]}}""",
            Regex.Replace(header, "\"checksum\":\"[^\"]*\",", ""));
        Assert.Equal(8 + length + 17, bytes.Length);
        Assert.Equal(3.0, BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(8 + length)));
    }

    [Fact]
    public void Every_flipped_bit_is_detected()
    {
        using var folder = new ScratchFolder();
        var metadata = new Dictionary<string, string> { ["experiment"] = """{"lambda":0.3}""", ["z"] = "after the checksum" };
        byte[] whole = Bytes([StoredTensor.Of("dictionary", [.. Enumerable.Range(0, 40).Select(i => MathF.Sin(i))], 8, 5), Of("step", SafetensorsType.I64, [7L], 1)], metadata);
        for (int bit = 0; bit < 8 * whole.Length; bit++)
        {
            byte[] flipped = [.. whole];
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            var refusal = Assert.Throws<InvalidInputException>(() => Safetensors.Read(new MemoryStream(flipped), "model.safetensors"));
            Assert.Contains("model.safetensors", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Changed_metadata_are_detected()
    {
        byte[] whole = Bytes([], new() { ["seed"] = "3" });
        int place = whole.AsSpan().IndexOf("\"3\""u8);
        whole[place + 1] = (byte)'4';
        Assert.Contains("checksum", Assert.Throws<InvalidInputException>(() => Safetensors.Read(new MemoryStream(whole), "model")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_without_a_checksum_or_with_another_programs_are_read()
    {
        using var folder = new ScratchFolder();
        Assert.Equal("1", Safetensors.Read(folder.Write("old", File("""{"__metadata__":{"a":"1"}}"""))).Metadata["a"]);
        var foreign = Safetensors.Read(folder.Write("foreign", File("""{"__metadata__":{"checksum":"md5:0"}}"""))).Metadata;
        Assert.Equal("md5:0", foreign["checksum"]);
        Assert.Throws<ArgumentException>(() => Bytes([], new(foreign)));
    }

    [Fact]
    public void A_stream_is_read_from_its_position_and_stays_open()
    {
        byte[] whole = Bytes([StoredTensor.Of("a", [1f, 2f], 2)], new() { ["b"] = "c" });
        using var stream = new MemoryStream([1, 2, 3, .. whole]);
        stream.Position = 3;
        var (tensors, metadata) = Safetensors.Read(stream, "embedded model");
        Assert.Equal([1f, 2f], tensors["a"].Floats.ToArray());
        Assert.Equal("c", metadata["b"]);
        Assert.True(stream.CanRead);
    }

    [Fact]
    public void A_stream_without_a_length_is_read_and_must_end_with_its_last_tensor()
    {
        float[] values = [.. Enumerable.Range(0, 1 << 20).Select(i => (float)i)];
        byte[] whole = Bytes([StoredTensor.Of("large", values, values.Length)]);
        Assert.Equal(values, Safetensors.Read(Compressed(whole), "model").Tensors["large"].Floats.ToArray());
        Assert.Contains("ends before", Refused([.. whole[..^1]]), StringComparison.Ordinal);
        Assert.Contains("goes on behind", Refused([.. whole, 0]), StringComparison.Ordinal);
        // It declares 2 GB, and a header of 90 MB, that are not there.
        Assert.Contains("ends before", Refused(File("""{"a":{"dtype":"U8","shape":[2000000000],"data_offsets":[0,2000000000]}}""")), StringComparison.Ordinal);
        Assert.Contains("ends before", Refused([.. BitConverter.GetBytes(90_000_000L), (byte)'{']), StringComparison.Ordinal);

        static GZipStream Compressed(byte[] content)
        {
            var compressed = new MemoryStream();
            using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(content);
            compressed.Position = 0;
            return new(compressed, CompressionMode.Decompress);
        }

        static string Refused(byte[] content) => Assert.Throws<InvalidInputException>(() => Safetensors.Read(Compressed(content), "model")).Message;
    }

    [Fact]
    public void Tensors_of_2_GB_are_refused()
    {
        using var folder = new ScratchFolder();
        string path = folder.Write("large.safetensors", File("""{"a":{"dtype":"F32","shape":[536870912],"data_offsets":[0,2147483648]}}"""));
        // A hole in the file, which takes no place on the disk.
        using (var file = new FileStream(path, FileMode.Open)) file.SetLength(file.Length + (1L << 31));
        Assert.Contains("2 GB", Assert.Throws<InvalidInputException>(() => Safetensors.Read(path)).Message, StringComparison.Ordinal);
        Assert.Empty(Safetensors.ReadMetadata(path));
        Assert.Contains("'huge' of F64 [536870912]", Assert.Throws<InvalidInputException>(() => Bytes([new Huge()])).Message, StringComparison.Ordinal);
    }

    private sealed class Huge() : StateTensor("huge", SafetensorsType.F64, [1L << 29])
    {
        public override ReadOnlySpan<byte> Read() => throw new NotSupportedException();

        public override void Write(ReadOnlySpan<byte> values) => throw new NotSupportedException();
    }

    [Fact]
    public void Any_floats_under_any_name_come_back()
    {
        using var folder = new ScratchFolder();
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<float[]>(), ArbMap.Default.ArbFor<FsCheck.UnicodeString>(), (values, name) =>
        {
            if (name.Get is null or "__metadata__" || !IsUnicode(name.Get)) return true;
            var written = StoredTensor.Of(name.Get, values, values.Length);
            Safetensors.Write(folder.File("x"), [written]);
            var read = Safetensors.Read(folder.File("x")).Tensors;
            return read.Count == 1 && read[name.Get].Read().SequenceEqual(written.Read());
        }));
    }

    private static bool IsUnicode(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    [Theory]
    [InlineData("a", "a")]
    [InlineData("__metadata__")]
    public void Names_that_the_format_cannot_hold_are_refused(params string[] names) =>
        Assert.Throws<ArgumentException>(() => Bytes([.. names.Select(name => StoredTensor.Of(name, [1f], 1))]));

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "cannot take 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "the file holds 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 12, "the file holds 12")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "begins at byte 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "begins at byte 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "cannot take")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0,4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "cannot take")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "needs a dtype")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "needs a dtype")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}""", 2, "dtype F8_E4M3")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "JSON")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "map of strings")]
    [InlineData("""["a"]""", 0, "not a JSON object")]
    [InlineData("""{"a":""", 0, "JSON")]
    [InlineData("""{"__metadata__":{"a":"\uD800"}}""", 0, "JSON")]
    public void A_header_that_contradicts_itself_is_refused(string header, int dataBytes, string cause) =>
        Assert.Contains(cause, Refusal(File(header, dataBytes)), StringComparison.Ordinal);

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(100_000_001)]
    [InlineData(3)]
    public void A_declared_header_length_beyond_the_file_is_refused_before_allocating(long length)
    {
        byte[] file = File("{}");
        BinaryPrimitives.WriteInt64LittleEndian(file, length);
        Assert.Contains("header of", Refusal(file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_shape_of_a_million_dimensions_is_refused_at_once()
    {
        string dimensions = string.Concat(Enumerable.Repeat("1,", 1_000_000));
        byte[] file = File("""{"a":{"dtype":"F32","data_offsets":[0,4],"shape":[""" + dimensions + "{}]}}", 4);
        Assert.Contains("at most 32 dimensions", Refusal(file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_truth_value_other_than_0_and_1_is_refused()
    {
        using var folder = new ScratchFolder();
        byte[] file = File("""{"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}""", 1);
        file[^1] = 2;
        Assert.Contains("BOOL", Assert.Throws<InvalidInputException>(() => Safetensors.Read(folder.Write("a", file))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_files_and_folders_are_refused()
    {
        using var folder = new ScratchFolder();
        Assert.Contains("no such file", Assert.Throws<InvalidInputException>(() => Safetensors.Read(folder.File("missing"))).Message, StringComparison.Ordinal);
        Assert.Contains(folder.Path, Assert.Throws<InvalidInputException>(() => Safetensors.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void Damaged_files_are_read_or_refused()
    {
        byte[] valid = Bytes([StoredTensor.Of("weight", new float[12], 3, 4), Of("mask", SafetensorsType.Bool, [true, true, true, true, true], 5), Of("step", SafetensorsType.I64, [1L], 1)], new() { ["format"] = "1" });
        Assert.InRange(Hostile.Read(valid, ".safetensors", 1000, path => Safetensors.Read(path)), 300, 1000);
        byte[] old = [.. File("""{"weight":{"dtype":"F32","shape":[3,4],"data_offsets":[0,48]},"mask":{"dtype":"BOOL","shape":[5],"data_offsets":[48,53]}}""", 53)];
        Assert.InRange(Hostile.Read(old, ".safetensors", 1000, path => Safetensors.Read(path)), 300, 999);
    }
}
