using System.IO.Compression;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Serialization;

namespace VariationalSparseCoding.Tests.Data;

public sealed class RowStoreTests : IDisposable
{
    private const int D = StoreFixture.Columns;
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static float[] All(RowStore store)
    {
        float[] values = new float[store.Rows * store.Columns];
        store.Read([.. Enumerable.Range(0, (int)store.Rows).Select(row => (long)row)], values);
        return values;
    }

    private static void Holds(float[] expected, string source, string part = "")
    {
        using var store = RowStore.Open(source, part);
        Assert.Equal((expected.Length / D, D), (store.Rows, store.Columns));
        Assert.Equal(expected, All(store));
        // Any row by itself, backwards.
        float[] row = new float[D];
        for (long i = store.Rows - 1; i >= 0; i -= 7)
        {
            store.Read([i], row);
            Assert.Equal(expected.AsSpan((int)i * D, D).ToArray(), row);
        }
    }

    private static string Refusal(string source, string part = "") => Assert.Throws<InvalidInputException>(() =>
    {
        using var store = RowStore.Open(source, part);
        All(store);
    }).Message;

    public static TheoryData<string> Numbers => [.. Enum.GetNames<StoredNumber>()];

    [Theory, Trait("Fault", "C5")]
    [MemberData(nameof(Numbers))]
    public void Every_type_of_number_is_read_from_every_format(string name)
    {
        var number = Enum.Parse<StoredNumber>(name);
        float[] rows = StoreFixture.Rows(100);
        folder.Write("a.safetensors", StoreFixture.Safetensors(("x", rows, number, [100, D])));
        Holds(rows, folder.File("a.safetensors"));
        folder.Write("b.safetensors", StoreFixture.Safetensors(("ids", [1, 2], StoredNumber.Float32, [2]), ("x", rows, number, [10, 10, D])));
        Holds(rows, folder.File("b.safetensors"), "x");
        if (number == StoredNumber.BFloat16) return;
        folder.Write("a.npy", StoreFixture.Npy(rows, number, 100, D));
        Holds(rows, folder.File("a.npy"));
        byte[] array = StoreFixture.Npy(rows, number, 20, 5, D);
        folder.Write("a.npz", StoreFixture.Npz(CompressionLevel.NoCompression, ("first", [1, 2, 3]), ("x", array)));
        Holds(rows, folder.File("a.npz"), "x");
        folder.Write("b.npz", StoreFixture.Npz(CompressionLevel.SmallestSize, ("x", array)));
        Holds(rows, folder.File("b.npz"));
    }

    [Fact]
    public void Files_of_a_folder_or_pattern_follow_each_other_in_the_order_of_their_names()
    {
        float[] rows = StoreFixture.Rows(90);
        for (int part = 0; part < 3; part++) folder.Write($"part-{part}.npy", StoreFixture.Npy(rows[(part * 30 * D)..((part + 1) * 30 * D)], part == 1 ? StoredNumber.Float16 : StoredNumber.Float32, 30, D));
        folder.Write(".hidden.npy", [1]);
        folder.Write("readme.txt", [1]);
        Holds(rows, folder.Path);
        Holds(rows, folder.File("part-?.npy"));
        Holds(rows[..(30 * D)], folder.File("part-0*"));
    }

    [Fact]
    public void Compressed_archives_are_read_block_by_block_beside_plain_files()
    {
        float[] rows = StoreFixture.Rows(60);
        for (int part = 0; part < 2; part++)
            folder.Write($"part-{part}.npz", StoreFixture.Npz(part == 0 ? CompressionLevel.SmallestSize : CompressionLevel.NoCompression, ("x", StoreFixture.Npy(rows[(part * 30 * D)..((part + 1) * 30 * D)], StoredNumber.Float32, 30, D))));
        using var store = RowStore.Open(folder.Path, "");
        Assert.Equal([new(0, 30), new(30, 30)], store.Blocks!);
        Holds(rows, folder.Path);
    }

    [Theory]
    [InlineData(StoreDescription.Float32)]
    [InlineData(StoreDescription.Float16)]
    public void Our_own_stores_are_read(string type)
    {
        float[] rows = StoreFixture.Rows(100);
        StoreFixture.Own(folder.Path, rows, type);
        folder.Write("rows.parquet", [1]);
        Holds(rows, folder.Path);
    }

    [Fact]
    public void A_store_that_is_still_written_has_a_note_and_its_whole_shards()
    {
        StoreWriter.Create(folder.Path, new() { Dimension = D }, 10 * D * sizeof(float)).Append(StoreFixture.Rows(25));
        using var store = RowStore.Open(folder.Path, "");
        Assert.Equal(20, store.Rows);
        Assert.Contains("not written to its end", Assert.Single(store.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Stores_of_saev_are_read_layer_by_layer()
    {
        float[] rows = StoreFixture.Rows(15);
        StoreFixture.Saev(folder.Path, rows, layerIndex: 1);
        Holds(rows, folder.Path, "7");
        Assert.Contains("it has the layers 3, 7", Refusal(folder.Path), StringComparison.Ordinal);
        Assert.Contains("no layer '4'", Refusal(folder.Path, "4"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_of_saev_that_is_too_short_is_named()
    {
        StoreFixture.Saev(folder.Path, StoreFixture.Rows(15), layerIndex: 0);
        byte[] shard = InputFile.ReadBytes(folder.File("acts000001.bin"));
        folder.Write("acts000001.bin", shard[..^4]);
        Assert.Contains("acts000001.bin: 2 examples take", Refusal(folder.Path, "3"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_width_is_named_before_anything_is_read()
    {
        folder.Write("a.npy", StoreFixture.Npy(StoreFixture.Rows(4), StoredNumber.Float32, 4, D));
        folder.Write("b.npy", StoreFixture.Npy(StoreFixture.Rows(4), StoredNumber.Float32, 5, 4));
        string refusal = Assert.Throws<InvalidInputException>(() => RowStore.Open(folder.Path, "")).Message;
        Assert.Contains($"b.npy: its rows have 4 values where those of {folder.File("a.npy")} have 5", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.npy")]
    [InlineData("a.npz")]
    [InlineData("a.safetensors")]
    public void A_short_file_is_named_before_anything_is_read(string name)
    {
        float[] rows = StoreFixture.Rows(40);
        byte[] whole = name switch
        {
            "a.npy" => StoreFixture.Npy(rows, StoredNumber.Float16, 40, D),
            "a.npz" => StoreFixture.Npz(CompressionLevel.NoCompression, ("x", StoreFixture.Npy(rows, StoredNumber.Float32, 40, D))),
            _ => StoreFixture.Safetensors(("x", rows, StoredNumber.Float32, [40, D])),
        };
        folder.Write(name, whole[..^2]);
        Assert.Contains(name, Assert.Throws<InvalidInputException>(() => RowStore.Open(folder.Path, "")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_of_our_own_that_is_not_what_the_description_says_is_named()
    {
        StoreFixture.Own(folder.Path, StoreFixture.Rows(100));
        File.Copy(folder.File("activations-00002.safetensors"), folder.File("activations-00001.safetensors"), overwrite: true);
        Assert.Contains("activations-00001.safetensors: it holds 20 rows of 5 values where store.json says 40 of 5", Refusal(folder.Path), StringComparison.Ordinal);
        File.Delete(folder.File("activations-00001.safetensors"));
        Assert.Contains("activations-00001.safetensors: there is no such file", Refusal(folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_not_finite_is_named_with_its_file_and_row_when_it_is_read()
    {
        float[] rows = StoreFixture.Rows(30);
        folder.Write("a.npy", StoreFixture.Npy(rows, StoredNumber.Float32, 30, D));
        rows[17 * D + 3] = float.NaN;
        folder.Write("b.npy", StoreFixture.Npy(rows, StoredNumber.Float16, 30, D));
        Assert.Contains("b.npy: the value in row 17, column 3 is NaN", Refusal(folder.Path), StringComparison.Ordinal);
        rows[17 * D + 3] = 0;
        byte[] doubles = StoreFixture.Npy(rows, StoredNumber.Float64, 30, D);
        BitConverter.TryWriteBytes(doubles.AsSpan(doubles.Length - 8), 1e300);
        folder.Write("b.npy", doubles);
        Assert.Contains("b.npy: the value in row 29, column 4", Refusal(folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_cut_short_meanwhile_is_an_error()
    {
        folder.Write("a.npy", StoreFixture.Npy(StoreFixture.Rows(30), StoredNumber.Float32, 30, D));
        using var store = RowStore.Open(folder.Path, "");
        File.WriteAllBytes(folder.File("other"), InputFile.ReadBytes(folder.File("a.npy"))[..200]);
        using (var stream = new FileStream(folder.File("a.npy"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) stream.SetLength(200);
        Assert.Contains("a.npy: it was cut short", Assert.Throws<InvalidInputException>(() => All(store)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_part_is_meant_must_be_said_where_there_are_several()
    {
        float[] rows = StoreFixture.Rows(10);
        folder.Write("a.safetensors", StoreFixture.Safetensors(("one", rows, StoredNumber.Float32, [10, D]), ("two", rows, StoredNumber.Float32, [10, D])));
        Assert.Contains("it has several: one, two; say which tensor by data.tensor", Refusal(folder.File("a.safetensors")), StringComparison.Ordinal);
        Assert.Contains("it has no tensor 'three'; there are one, two", Refusal(folder.File("a.safetensors"), "three"), StringComparison.Ordinal);
        Holds(rows, folder.File("a.safetensors"), "two");
        folder.Write("b.safetensors", StoreFixture.Safetensors(("flat", rows, StoredNumber.Float32, [50])));
        Assert.Contains("no tensor with rows of floating-point numbers", Refusal(folder.File("b.safetensors")), StringComparison.Ordinal);
        Assert.Contains("its shape is (50)", Refusal(folder.File("b.safetensors"), "flat"), StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_without_rows_or_with_several_kinds_and_unknown_endings_are_refused_with_advice()
    {
        Assert.Contains("no rows of numbers in this folder", Refusal(folder.Path), StringComparison.Ordinal);
        Assert.Contains("no file has a name of this form", Refusal(folder.File("x*.npy")), StringComparison.Ordinal);
        folder.Write("a.npy", [1]);
        folder.Write("a.npz", [1]);
        Assert.Contains("files of several kinds in this folder (.npy, .npz)", Refusal(folder.Path), StringComparison.Ordinal);
        Assert.Contains("convert the file", Refusal(folder.Write("a.csv", [1])), StringComparison.Ordinal);
        Assert.Contains("VariationalSparseCoding.Columnar", Refusal(folder.Write("a.parquet", [1])), StringComparison.Ordinal);
    }
}
