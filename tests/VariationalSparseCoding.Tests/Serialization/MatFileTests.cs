using System.Text;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Tests.Serialization;

public class MatFileTests
{
    private static IReadOnlyDictionary<string, MatArray> Read(byte[] file)
    {
        using var folder = new ScratchFolder();
        return MatFile.Read(folder.Write("data.mat", file));
    }

    private static string Refusal(byte[] file)
    {
        string message = Assert.Throws<InvalidInputException>(() => Read(file)).Message;
        Assert.Contains("data.mat", message, StringComparison.Ordinal);
        return message;
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Arrays_of_any_dimensions_are_read_in_either_byte_order_compressed_or_not(bool bigEndian, bool compressed)
    {
        var writer = new MatWriter(bigEndian);
        byte[] Stored(byte[] element) => compressed ? writer.Compress(element) : element;
        double[] values = [.. Enumerable.Range(0, 24).Select(i => i * 0.37 - 3)];
        var arrays = Read(writer.File(
            Stored(writer.Doubles("IMAGES", [2, 3, 4], values)),
            Stored(writer.Doubles("empty", [0, 5])),
            Stored(writer.Doubles("x", [1, 1], 7.5))));

        Assert.Equal(["IMAGES", "empty", "x"], arrays.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([2, 3, 4], arrays["IMAGES"].Dimensions);
        Assert.Equal(values, arrays["IMAGES"].Values);
        Assert.Empty(arrays["empty"].Values);
        Assert.Equal([7.5], arrays["x"].Values);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_storage_type_is_converted(bool bigEndian)
    {
        var writer = new MatWriter(bigEndian);
        var arrays = Read(writer.File(
            writer.Array("int8", [1, 3], 1, [0x80, 0xff, 5]),
            writer.Array("uint8", [1, 5], 2, [0, 128, 255, 1, 2]),
            writer.Array("int16", [1, 2], 3, writer.Bytes<short>([short.MinValue, 300], BitConverter.GetBytes)),
            writer.Array("uint16", [1, 2], 4, writer.Bytes<ushort>([ushort.MaxValue, 300], BitConverter.GetBytes)),
            writer.Array("int32", [1, 1], 5, writer.Bytes<int>([int.MinValue], BitConverter.GetBytes)),
            writer.Array("uint32", [1, 2], 6, writer.Bytes<uint>([uint.MaxValue, 1], BitConverter.GetBytes)),
            writer.Array("single", [1, 2], 7, writer.Bytes<float>([0.25f, -2], BitConverter.GetBytes), arrayClass: 7),
            writer.Array("int64", [1, 1], 12, writer.Bytes<long>([-(1L << 40)], BitConverter.GetBytes), arrayClass: 14),
            writer.Array("uint64", [1, 1], 13, writer.Bytes<ulong>([1UL << 63], BitConverter.GetBytes), arrayClass: 15)));

        Assert.Equal([-128, -1, 5], arrays["int8"].Values);
        Assert.Equal([0, 128, 255, 1, 2], arrays["uint8"].Values);
        Assert.Equal([-32768, 300], arrays["int16"].Values);
        Assert.Equal([65535, 300], arrays["uint16"].Values);
        Assert.Equal([-2147483648.0], arrays["int32"].Values);
        Assert.Equal([4294967295.0, 1], arrays["uint32"].Values);
        Assert.Equal([0.25, -2], arrays["single"].Values);
        Assert.Equal([-1099511627776.0], arrays["int64"].Values);
        Assert.Equal([9223372036854775808.0], arrays["uint64"].Values);
    }

    [Fact]
    public void Text_and_complex_arrays_are_passed_over()
    {
        var writer = new MatWriter();
        var arrays = Read(writer.File(
            writer.Array("text", [1, 2], 4, [65, 0, 66, 0], arrayClass: 4),
            writer.Compress(writer.Array("complex", [1, 1], 9, new byte[8], isComplex: true)),
            writer.Doubles("after", [1, 1], 3)));
        Assert.Equal(["after"], arrays.Keys);
    }

    [Fact]
    public void Files_of_other_levels_are_refused_by_name()
    {
        Assert.Contains("7.3", Refusal([.. "MATLAB 7.3 MAT-file, Platform: GLNXA64"u8, .. new byte[600]]), StringComparison.Ordinal);
        Assert.Contains("HDF5", Refusal([0x89, .. "HDF\r\n"u8]), StringComparison.Ordinal);
        Assert.Contains("-v7", Refusal(Encoding.ASCII.GetBytes("plain text")), StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_that_cannot_be_are_refused_before_allocating()
    {
        var writer = new MatWriter();
        Assert.Contains("1 GiB", Refusal(writer.File(writer.Array("bomb", [30000, 30000], 2, [1]))), StringComparison.Ordinal);
        Assert.Contains("1 GiB", Refusal(writer.File(writer.Compress(writer.Array("bomb", [int.MaxValue, int.MaxValue, int.MaxValue], 9, [])))), StringComparison.Ordinal);
        Assert.Contains("declares 1000000 numbers", Refusal(writer.File(writer.Array("short", [1000, 1000], 2, [1]))), StringComparison.Ordinal);
        Assert.Contains("cannot take", Refusal(writer.File(writer.Doubles("short", [1, 3], 1, 2))), StringComparison.Ordinal);
        Assert.Contains("impossible dimensions", Refusal(writer.File(writer.Doubles("negative", [-1, -1], 1))), StringComparison.Ordinal);
        Assert.Contains("impossible dimensions", Refusal(writer.File(writer.Doubles("flat", [1], 1))), StringComparison.Ordinal);
        byte[] lie = writer.Compress([.. writer.Doubles("x", [1, 1], 1)[..4], 0, 0, 0, 0x3f]);
        Assert.Contains("cannot hold", Refusal(writer.File(lie)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_checksum_is_refused()
    {
        byte[] file = new MatWriter().File(new MatWriter().Compress(new MatWriter().Doubles("x", [1, 2], 1, 2)));
        file[^1] ^= 1;
        Assert.Contains("damaged", Refusal(file), StringComparison.Ordinal);
    }

    [Trait("Category", "Slow")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Damaged_files_are_read_or_refused(bool compressed)
    {
        var writer = new MatWriter();
        byte[] array = writer.Doubles("IMAGES", [2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8), small = writer.Array("b", [1, 3], 2, [1, 2, 3]);
        byte[] valid = compressed ? writer.File(writer.Compress(array), writer.Compress(small)) : writer.File(array, small);
        Assert.InRange(Hostile.Read(valid, ".mat", 1000, path => MatFile.Read(path)), 300, 999);
    }
}
