using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Tests.Serialization;

public class IdxFileTests
{
    private static string Refusal(string ending, byte[] content)
    {
        using var folder = new ScratchFolder();
        return Assert.Throws<InvalidInputException>(() => IdxFile.Read(folder.Write("damaged" + ending, content))).Message;
    }

    private static byte[] Valid => IdxWriter.File([2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255]);

    [Fact]
    public void Arrays_are_read_compressed_or_not()
    {
        using var folder = new ScratchFolder();
        Assert.Equal([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3], Valid[..16]);
        foreach (string path in new[] { folder.Write("a-ubyte", Valid), folder.Write("a-ubyte.gz", IdxWriter.Zip(Valid)) })
        {
            var read = IdxFile.Read(path);
            Assert.Equal([2, 2, 3], read.Dimensions);
            Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255], read.Values);
        }
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte.gz", true)]
    [InlineData("t10k-labels-idx1-ubyte", true)]
    [InlineData("digits.idx", true)]
    [InlineData("digits.IDX.GZ", true)]
    [InlineData("digits.gz", false)]
    [InlineData("digits.npy", false)]
    public void Files_are_known_by_their_names(string name, bool isIdx) => Assert.Equal(isIdx, IdxFile.IsIdx(name));

    [Fact]
    public void Other_content_is_refused_with_the_reason()
    {
        Assert.Contains("not an IDX file", Refusal("", [1, 0, 8, 1, 0, 0, 0, 1, 7]), StringComparison.Ordinal);
        Assert.Contains("not an IDX file", Refusal("", [0, 0, 8, 0, 7]), StringComparison.Ordinal);
        Assert.Contains("not an IDX file", Refusal("", [0, 0, 8, 200, 0, 0, 0, 1, 7]), StringComparison.Ordinal);
        Assert.Contains("type 13", Refusal("", [0, 0, 13, 1, 0, 0, 0, 1, 7]), StringComparison.Ordinal);
        Assert.Contains("dimension 0 of its array is 0", Refusal("", [0, 0, 8, 1, 0, 0, 0, 0]), StringComparison.Ordinal);
        Assert.Contains("dimension 0 of its array is 4294967295", Refusal("", [0, 0, 8, 1, 255, 255, 255, 255]), StringComparison.Ordinal);
        Assert.Contains("more than can be held", Refusal("", [0, 0, 8, 2, 127, 255, 255, 255, 127, 255, 255, 255]), StringComparison.Ordinal);
        Assert.Contains("2 x 2 x 3 values but holds 11 bytes", Refusal("", Valid[..^1]), StringComparison.Ordinal);
        Assert.Contains("2 x 2 x 3 values but holds 13 bytes", Refusal("", [.. Valid, 0]), StringComparison.Ordinal);
        Assert.Contains("ends before", Refusal("", [0, 0, 8, 1, 0]), StringComparison.Ordinal);
        Assert.Contains("ends before", Refusal(".gz", IdxWriter.Zip(Valid[..^1])), StringComparison.Ordinal);
        Assert.Contains("more than the 12 values", Refusal(".gz", IdxWriter.Zip([.. Valid, 0])), StringComparison.Ordinal);
        Assert.Contains("only", Refusal(".gz", IdxWriter.Zip([0, 0, 8, 1, 127, 0, 0, 0])), StringComparison.Ordinal);
    }

    [Trait("Category", "Slow")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Damaged_files_are_read_or_refused(bool isZipped)
    {
        byte[] valid = IdxWriter.File([3, 20, 10], [.. Enumerable.Range(0, 600).Select(i => (byte)(i * i))]);
        Assert.InRange(Hostile.Read(isZipped ? IdxWriter.Zip(valid) : valid, "", 1000, path =>
        {
            var read = IdxFile.Read(path);
            Assert.Equal(read.Dimensions.Aggregate(1, (product, length) => product * length), read.Values.Length);
        }), 300, 999);
    }
}
