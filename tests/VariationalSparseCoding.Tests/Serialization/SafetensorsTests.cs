using System.Buffers.Binary;
using System.Text;
using FsCheck.Fluent;
using VariationalSparseCoding.Serialization;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Serialization;

public class SafetensorsTests
{
    private static byte[] Bytes(Dictionary<string, Tensor> tensors, Dictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, tensors, metadata);
        return stream.ToArray();
    }

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
        using var scope = NewDisposeScope();
        using var folder = new ScratchFolder();
        var tensors = new Dictionary<string, Tensor>
        {
            ["double"] = tensor(new[] { 1.0, double.NaN, double.NegativeInfinity, -0.0 }).reshape(2, 2),
            ["float"] = tensor(new[] { 1.5f, float.Epsilon, float.MaxValue }),
            ["long"] = tensor(new[] { long.MinValue, 7L }),
            ["int"] = tensor(new[] { int.MinValue, 7 }).reshape(1, 2, 1),
            ["byte"] = tensor(new byte[] { 0, 255, 3 }),
            ["bool"] = tensor(new[] { true, false, true }),
            ["brain"] = tensor(new[] { 1.5f, -3f }).to_type(ScalarType.BFloat16),
            ["scalar"] = tensor(3.25f),
            ["empty"] = zeros(0, 5),
        };
        var metadata = new Dictionary<string, string> { ["format"] = "pt", ["with \"quotes\" é"] = "line\nbreak" };

        Safetensors.Write(folder.File("model.safetensors"), tensors, metadata);
        var (read, readMetadata) = Safetensors.Read(folder.File("model.safetensors"));

        Assert.Equal(metadata, readMetadata);
        Assert.Equal(metadata, Safetensors.ReadMetadata(folder.File("model.safetensors")));
        Assert.Equal(tensors.Keys.Order(), read.Keys.Order());
        foreach (var (name, tensor) in tensors)
        {
            Assert.Equal(tensor.dtype, read[name].dtype);
            Assert.Equal(tensor.shape, read[name].shape);
            Assert.Equal(tensor.bytes.ToArray(), read[name].bytes.ToArray());
        }
    }

    [Fact]
    public void Strided_and_gradient_tensors_are_written_as_they_read()
    {
        using var scope = NewDisposeScope();
        using var folder = new ScratchFolder();
        var matrix = arange(6, dtype: float32).reshape(2, 3);
        var parameter = arange(3, dtype: float32).requires_grad_();
        Safetensors.Write(folder.File("a"), new Dictionary<string, Tensor> { ["transposed"] = matrix.t(), ["column"] = matrix[TensorIndex.Colon, 1], ["parameter"] = parameter });
        var read = Safetensors.Read(folder.File("a")).Tensors;
        Assert.Equal([0f, 3, 1, 4, 2, 5], read["transposed"].data<float>().ToArray());
        Assert.Equal([1f, 4], read["column"].data<float>().ToArray());
        Assert.Equal([0f, 1, 2], read["parameter"].data<float>().ToArray());
    }

    [Fact]
    public void A_tensor_larger_than_one_block_keeps_its_order()
    {
        using var scope = NewDisposeScope();
        using var folder = new ScratchFolder();
        var large = arange((1 << 24) + 5, dtype: int32);
        Safetensors.Write(folder.File("large"), new Dictionary<string, Tensor> { ["large"] = large });
        Assert.True(large.Equals(Safetensors.Read(folder.File("large")).Tensors["large"]));
    }

    [Fact]
    public void The_bytes_are_those_of_the_format_and_do_not_depend_on_the_order_of_adding()
    {
        using var scope = NewDisposeScope();
        Tensor a = tensor(new[] { 1f, 2f }), b = tensor(new[] { true }), c = tensor(new[] { 3.0 });
        byte[] bytes = Bytes(new() { ["b"] = b, ["a"] = a, ["c"] = c }, new() { ["z"] = "1", ["y"] = "2" });
        byte[] reordered = Bytes(new() { ["c"] = c, ["a"] = a, ["b"] = b }, new() { ["y"] = "2", ["z"] = "1" });

        Assert.Equal(bytes, reordered);
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal("""{"__metadata__":{"y":"2","z":"1"},"c":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},"b":{"dtype":"BOOL","shape":[1],"data_offsets":[16,17]}}""",
            Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '));
        Assert.Equal(8 + length + 17, bytes.Length);
        Assert.Equal(3.0, BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(8 + length)));
    }

    [Fact]
    public void Any_floats_under_any_name_come_back()
    {
        using var folder = new ScratchFolder();
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<float[]>(), ArbMap.Default.ArbFor<FsCheck.UnicodeString>(), (values, name) =>
        {
            if (name.Get is null or "__metadata__" || !IsUnicode(name.Get)) return true;
            using var written = tensor(values);
            Safetensors.Write(folder.File("x"), new Dictionary<string, Tensor> { [name.Get] = written });
            var read = Safetensors.Read(folder.File("x")).Tensors;
            using var only = read[name.Get];
            return read.Count == 1 && only.bytes.SequenceEqual(written.bytes);
        }));
    }

    private static bool IsUnicode(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;


    [Fact]
    public void Types_outside_the_format_are_not_written()
    {
        using var half = zeros(1, dtype: float16);
        Assert.Throws<ArgumentException>(() => Bytes(new() { ["half"] = half }));
    }

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
    [InlineData("""{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}""", 2, "dtype F16")]
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

    [Fact]
    public void Damaged_files_are_read_or_refused()
    {
        using var scope = NewDisposeScope();
        byte[] valid = Bytes(new() { ["weight"] = zeros(3, 4), ["mask"] = ones(5, dtype: ScalarType.Bool), ["step"] = ones(1, dtype: int64) }, new() { ["format"] = "1" });
        Assert.InRange(Hostile.Read(valid, ".safetensors", 1000, path =>
        {
            foreach (var tensor in Safetensors.Read(path).Tensors.Values) tensor.Dispose();
        }), 300, 999);
    }
}
