using System.Text;
using FsCheck.Fluent;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Tests.Serialization;

public class NpyTests
{
    /// <summary>A file as NumPy writes it, built by hand.</summary>
    private static byte[] File(string header, byte[] data, byte version = 1)
    {
        byte[] text = Encoding.ASCII.GetBytes(header);
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes((uint)text.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. data];
    }

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static byte[] Doubles(params double[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static float[] All(string path)
    {
        using var matrix = NpyMatrix.Open(path);
        float[] values = new float[matrix.Rows * matrix.Columns];
        matrix.CopyRows(0, (int)matrix.Rows, values);
        return values;
    }

    private static string Refusal(byte[] file)
    {
        using var folder = new ScratchFolder();
        return Assert.Throws<InvalidInputException>(() => NpyMatrix.Open(folder.Write("x.npy", file))).Message;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Both_orders_types_and_all_versions_read_the_same(byte version)
    {
        using var folder = new ScratchFolder();
        float[] expected = [1, 2, 3, 4, 5, 6];
        Assert.Equal(expected, All(folder.Write("a", File("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", Floats(1, 2, 3, 4, 5, 6), version))));
        Assert.Equal(expected, All(folder.Write("b", File("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }\n", Doubles(1, 2, 3, 4, 5, 6), version))));
        Assert.Equal(expected, All(folder.Write("c", File("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), } ", Floats(1, 4, 2, 5, 3, 6), version))));
        Assert.Equal(expected, All(folder.Write("d", File("{'shape':(2,3),'fortran_order':True,'descr':'<f8'}", Doubles(1, 4, 2, 5, 3, 6), version))));
    }

    [Fact]
    public void Rows_are_copied_from_the_middle_in_both_orders()
    {
        using var folder = new ScratchFolder();
        float[] values = [1, 2, 3, 4, 5, 6, 7, 8];
        float[] transposed = [1, 3, 5, 7, 2, 4, 6, 8];
        using var matrix = NpyMatrix.Open(folder.Write("c", File("{'descr': '<f4', 'fortran_order': False, 'shape': (4, 2)}", Floats(values))));
        using var fortran = NpyMatrix.Open(folder.Write("f", File("{'descr': '<f4', 'fortran_order': True, 'shape': (4, 2)}", Floats(transposed))));
        float[] rows = new float[4], fortranRows = new float[4];
        matrix.CopyRows(1, 2, rows);
        fortran.CopyRows(1, 2, fortranRows);
        Assert.Equal([3f, 4, 5, 6], rows);
        Assert.Equal(rows, fortranRows);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.CopyRows(3, 2, rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.CopyRows(0, 3, rows));
    }

    [Fact]
    public void What_is_written_has_numpys_exact_header()
    {
        using var folder = new ScratchFolder();
        Npy.Write<float>(folder.File("x.npy"), new float[] { 1, 2, 3, 4, 5, 6 }, 3);
        byte[] expected = File("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".PadRight(117) + "\n", Floats(1, 2, 3, 4, 5, 6));
        Assert.Equal(expected, System.IO.File.ReadAllBytes(folder.File("x.npy")));
    }

    [Fact]
    public void Any_matrix_written_in_pieces_comes_back()
    {
        using var folder = new ScratchFolder();
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<FsCheck.NonEmptyArray<float>>(), Gen.Choose(1, 5).ToArbitrary(), (values, pieces) =>
        {
            Npy.Write<float>(folder.File("x"), values.Get.Length, 1, writer =>
            {
                foreach (float[] piece in values.Get.Chunk(pieces)) writer.Append(piece);
            });
            return All(folder.File("x")).SequenceEqual(values.Get);
        }));
    }

    [Fact]
    public void Doubles_are_written_as_doubles()
    {
        using var folder = new ScratchFolder();
        Npy.Write<double>(folder.File("x"), new[] { 0.1, 0.2 }, 2);
        byte[] bytes = System.IO.File.ReadAllBytes(folder.File("x"));
        Assert.Equal(Doubles(0.1, 0.2), bytes[^16..]);
        Assert.Equal([0.1f, 0.2f], All(folder.File("x")));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void A_wrong_number_of_rows_leaves_no_file(int appended)
    {
        using var folder = new ScratchFolder();
        Assert.Throws<InvalidOperationException>(() => Npy.Write<float>(folder.File("x"), 2, 2, writer => writer.Append(new float[appended])));
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public void A_matrix_of_more_than_2_GB_is_addressed_with_long_offsets()
    {
        using var folder = new ScratchFolder();
        const int columns = 1 << 20;
        const long rows = 3 << 8;
        string path = folder.Write("large.npy", File($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns})}}", []));
        long header = new FileInfo(path).Length;
        using (var stream = new FileStream(path, FileMode.Open))
        {
            // A sparse file: only the last value takes room on the disk.
            stream.SetLength(header + rows * columns * sizeof(float));
            stream.Position = stream.Length - sizeof(float);
            stream.Write(Floats(42));
        }
        using var matrix = NpyMatrix.Open(path);
        float[] row = new float[columns];
        matrix.CopyRows(rows - 1, 1, row);
        Assert.Equal((0f, 42f), (row[^2], row[^1]));
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (6,)}", "reshape")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 3)}", "reshape")]
    [InlineData("{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3)}", "<i4")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3)}", ">f4")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4)}", "takes 32 bytes but the file holds 24")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)}", "takes 16 bytes but the file holds 24")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 3)}", "at least one row")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9223372036854775807)}", "impossible")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 1)}", "impossible")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 3)}", "one plain element type")]
    [InlineData("{'descr': '<f4', 'fortran_order': False}", "one plain element type")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)} junk", "one plain element type")]
    public void Other_arrays_are_refused_with_the_reason(string header, string cause) =>
        Assert.Contains(cause, Refusal(File(header, Floats(1, 2, 3, 4, 5, 6))), StringComparison.Ordinal);

    [Fact]
    public void Other_files_and_huge_headers_are_refused()
    {
        Assert.Contains("not a NumPy array", Refusal(new byte[100]), StringComparison.Ordinal);
        Assert.Contains("version 4", Refusal(File("{}", [], 4)), StringComparison.Ordinal);
        Assert.Contains("declares a header", Refusal([0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 255]), StringComparison.Ordinal);
        Assert.Contains("ends before", Refusal([0x93, .. "NUMPY"u8]), StringComparison.Ordinal);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void Damaged_files_are_read_or_refused()
    {
        byte[] valid = File("{'descr': '<f4', 'fortran_order': True, 'shape': (4, 3), }", Floats(new float[12]));
        Assert.InRange(Hostile.Read(valid, ".npy", 1000, path => All(path)), 300, 999);
    }
}
