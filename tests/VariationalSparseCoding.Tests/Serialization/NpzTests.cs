using System.IO.Compression;
using System.Text;
using FsCheck.Fluent;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Tests.Serialization;

public class NpzTests
{
    private static readonly float[] Dense = [0, 1.5f, 0, 0, 0, 0, -2, 0, 3];

    private static byte[] Archive(CompressionLevel level, params (string Name, string Type, string Shape, byte[] Data)[] members)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, type, shape, data) in members)
            {
                using var member = archive.CreateEntry(name + ".npy", level).Open();
                byte[] header = Encoding.ASCII.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}");
                member.Write([0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)header.Length), .. header, .. data]);
            }
        return stream.ToArray();
    }

    private static byte[] Ints(params int[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static byte[] Longs(params long[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static (string, string, string, byte[])[] Members(
        int[]? starts = null, int[]? indices = null, long[]? shape = null, string format = "csr") =>
    [
        ("indices", "<i4", $"({(indices ?? [1, 0]).Length},)", Ints(indices ?? [1, 0])),
        ("indptr", "<i4", $"({(starts ?? [0, 1, 2]).Length},)", Ints(starts ?? [0, 1, 2])),
        ("format", $"|S{format.Length}", "()", Encoding.ASCII.GetBytes(format)),
        ("shape", "<i8", $"({(shape ?? [2, 3]).Length},)", Longs(shape ?? [2, 3])),
        ("data", "<f4", "(2,)", [.. BitConverter.GetBytes(7f), .. BitConverter.GetBytes(8f)]),
    ];

    private static string Refusal(byte[] file)
    {
        using var folder = new ScratchFolder();
        return Assert.Throws<InvalidInputException>(() => Npz.Read(folder.Write("codes.npz", file))).Message;
    }

    private static float[] ToDense(CsrMatrix matrix)
    {
        float[] dense = new float[matrix.Rows * matrix.Columns];
        for (int row = 0; row < matrix.Rows; row++) matrix.CopyRow(row, dense.AsSpan(row * matrix.Columns));
        return dense;
    }

    [Fact]
    public void Codes_come_back_and_equal_codes_give_equal_bytes()
    {
        using var folder = new ScratchFolder();
        var matrix = CsrMatrix.FromDense(Dense, 3);
        Assert.Equal([0, 1, 1, 3], matrix.RowStarts);
        Npz.Write(folder.File("a.npz"), matrix);
        Npz.Write(folder.File("b.npz"), matrix);
        Assert.Equal(File.ReadAllBytes(folder.File("a.npz")), File.ReadAllBytes(folder.File("b.npz")));
        Assert.Equal(Dense, ToDense(Npz.Read(folder.File("a.npz"))));
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void Any_codes_come_back()
    {
        using var folder = new ScratchFolder();
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<FsCheck.NonEmptyArray<FsCheck.NormalFloat>>(), values =>
        {
            float[] dense = [.. values.Get.Select(value => (float)value.Get)];
            Npz.Write(folder.File("x.npz"), CsrMatrix.FromDense(dense, dense.Length));
            return ToDense(Npz.Read(folder.File("x.npz"))).SequenceEqual(dense);
        }));
    }

    [Fact]
    public void SciPys_variants_are_read_compressed_or_not_with_wide_indices_and_doubles()
    {
        using var folder = new ScratchFolder();
        byte[] file = Archive(CompressionLevel.Optimal,
            ("indices", "<i8", "(2,)", Longs(1, 0)), ("indptr", "<i8", "(3,)", Longs(0, 1, 2)),
            ("format", "<U3", "()", Encoding.UTF32.GetBytes("csr")), ("shape", "<i8", "(2,)", Longs(2, 3)),
            ("data", "<f8", "(2,)", [.. BitConverter.GetBytes(7.0), .. BitConverter.GetBytes(8.0)]));
        Assert.Equal([0f, 7, 0, 8, 0, 0], ToDense(Npz.Read(folder.Write("a.npz", file))));
        Assert.Equal([0f, 7, 0, 8, 0, 0], ToDense(Npz.Read(folder.Write("b.npz", Archive(CompressionLevel.NoCompression, Members())))));
    }

    [Fact]
    public void Contradictions_are_refused()
    {
        Assert.Contains("'csc'", Refusal(Archive(CompressionLevel.Fastest, Members(format: "csc"))), StringComparison.Ordinal);
        Assert.Contains("row 0 ends before", Refusal(Archive(CompressionLevel.Fastest, Members(starts: [0, -1, 2]))), StringComparison.Ordinal);
        Assert.Contains("row starts", Refusal(Archive(CompressionLevel.Fastest, Members(starts: [0, 1, 3]))), StringComparison.Ordinal);
        Assert.Contains("row starts", Refusal(Archive(CompressionLevel.Fastest, Members(starts: [0, 2]))), StringComparison.Ordinal);
        Assert.Contains("column 3", Refusal(Archive(CompressionLevel.Fastest, Members(indices: [1, 3]))), StringComparison.Ordinal);
        Assert.Contains("column -1", Refusal(Archive(CompressionLevel.Fastest, Members(indices: [-1, 0]))), StringComparison.Ordinal);
        Assert.Contains("column indices", Refusal(Archive(CompressionLevel.Fastest, Members(indices: [0]))), StringComparison.Ordinal);
        Assert.Contains("shape", Refusal(Archive(CompressionLevel.Fastest, Members(shape: [2, 3, 4]))), StringComparison.Ordinal);
        Assert.Contains("shape", Refusal(Archive(CompressionLevel.Fastest, Members(shape: [2, long.MaxValue]))), StringComparison.Ordinal);
        Assert.Contains("no member 'data'", Refusal(Archive(CompressionLevel.Fastest, Members()[..4])), StringComparison.Ordinal);
        Assert.Contains("codes.npz", Refusal(new byte[50]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_declares_more_than_it_holds_is_refused_before_allocating()
    {
        var members = Members();
        members[4].Item3 = "(2000000000,)";
        Assert.Contains("does not fit", Refusal(Archive(CompressionLevel.NoCompression, members)), StringComparison.Ordinal);
    }

    [Trait("Category", "Slow")]
    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Damaged_files_are_read_or_refused(CompressionLevel level) =>
        Assert.InRange(Hostile.Read(Archive(level, Members()), ".npz", 1000, path => Npz.Read(path)), 300, 999);
}
