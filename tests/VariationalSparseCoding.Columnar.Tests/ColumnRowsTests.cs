using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Columnar.Tests;

public sealed class ColumnRowsTests : IDisposable
{
    private const int D = ArrowFile.Columns;
    private readonly ScratchFolder folder = new();

    public ColumnRowsTests() => ColumnarData.Register();

    public void Dispose() => folder.Dispose();

    private static void Holds(float[] expected, string source, string part, int[] blocks)
    {
        using var store = RowStore.Open(source, part);
        Assert.Equal((expected.Length / D, D), (store.Rows, store.Columns));
        Assert.Equal(blocks, store.Blocks!.Select(block => (int)block.Rows));
        float[] values = new float[expected.Length];
        // Backwards, so that blocks are asked for in another order than theirs.
        store.Read([.. Enumerable.Range(0, (int)store.Rows).Select(row => store.Rows - 1 - row)], values);
        Assert.Equal(expected.Chunk(D).Reverse().SelectMany(row => row), values);
    }

    private static string Refusal(string path, string part = "")
    {
        string message = Assert.Throws<InvalidInputException>(() =>
        {
            using var store = RowStore.Open(path, part);
            store.Read([.. Enumerable.Range(0, (int)store.Rows).Select(row => (long)row)], new float[store.Rows * store.Columns]);
        }).Message;
        Assert.Contains(Path.GetFileName(path), message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Lists_in_Parquet_are_rows(bool nested, bool doubles)
    {
        float[] rows = ArrowFile.Rows(60);
        ParquetFile.Write(folder.File("a.parquet"), rows, nested ? 8 : 25, nested, doubles);
        int[] blocks = nested ? [24, 24, 12] : [25, 25, 10];
        Holds(rows, folder.File("a.parquet"), "", blocks);
        Holds(rows, folder.File("a.parquet"), "x", blocks);
    }

    public static TheoryData<string> Types => ["list", "fixed", "halves", "doubles", "lists of lists", "lists of fixed", "fixed of fixed"];

    [Theory]
    [MemberData(nameof(Types))]
    public void Lists_in_Arrow_are_rows_in_files_streams_and_compressed(string name)
    {
        IArrowType type = name switch
        {
            "list" => new ListType(FloatType.Default),
            "fixed" => new FixedSizeListType(FloatType.Default, D),
            "halves" => new FixedSizeListType(HalfFloatType.Default, D),
            "doubles" => new ListType(DoubleType.Default),
            "lists of lists" => new ListType(new ListType(FloatType.Default)),
            "lists of fixed" => new ListType(new FixedSizeListType(FloatType.Default, D)),
            _ => new FixedSizeListType(new FixedSizeListType(FloatType.Default, D), 3),
        };
        bool nested = name.Contains("of", StringComparison.Ordinal);
        float[] rows = ArrowFile.Rows(60);
        foreach (bool asFile in new[] { true, false })
            foreach (var compression in new CompressionCodecType?[] { null, CompressionCodecType.Lz4Frame, CompressionCodecType.Zstd })
            {
                ArrowFile.Write(folder.File("a.arrow"), rows, nested ? 8 : 25, type, asFile, compression);
                Holds(rows, folder.File("a.arrow"), "", nested ? [24, 24, 12] : [25, 25, 10]);
            }
    }

    [Fact]
    public void What_column_is_meant_must_be_one_of_lists_of_numbers()
    {
        ArrowFile.Write(folder.File("a.feather"), ArrowFile.Rows(3), 3, new ListType(FloatType.Default), asFile: true);
        Assert.Contains("no column 'y'; there are text, x, id", Refusal(folder.File("a.feather"), "y"), StringComparison.Ordinal);
        Assert.Contains("the column 'text' does not hold lists of numbers", Refusal(folder.File("a.feather"), "text"), StringComparison.Ordinal);
        ParquetFile.Write(folder.File("a.parquet"), ArrowFile.Rows(3), 3, nested: false, doubles: false);
        Assert.Contains("the column 'id' does not hold lists of numbers", Refusal(folder.File("a.parquet"), "id"), StringComparison.Ordinal);
        Assert.Contains("no column 'y'; there are id, x", Refusal(folder.File("a.parquet"), "y"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.parquet")]
    [InlineData("a.arrow")]
    [InlineData("stream.arrow")]
    public void Short_and_foreign_files_are_named(string name)
    {
        if (name == "a.parquet") ParquetFile.Write(folder.File(name), ArrowFile.Rows(60), 25, nested: false, doubles: false);
        else ArrowFile.Write(folder.File(name), ArrowFile.Rows(60), 25, new ListType(FloatType.Default), asFile: name == "a.arrow");
        byte[] whole = File.ReadAllBytes(folder.File(name));
        foreach (int length in new[] { 3, 9, whole.Length / 3, whole.Length / 2 })
        {
            File.WriteAllBytes(folder.File(name), whole[..length]);
            Refusal(folder.File(name));
        }
        File.WriteAllText(folder.File(name), "this is a text, and neither Parquet nor Arrow");
        Refusal(folder.File(name));
    }

    [Fact]
    public void Lists_of_different_lengths_are_refused()
    {
        var offsets = new ArrowBuffer.Builder<int>();
        foreach (int offset in new[] { 0, 4, 7, 12 }) offsets.Append(offset);
        var type = new ListType(FloatType.Default);
        var array = new ListArray(new ArrayData(type, 3, 0, 0, [ArrowBuffer.Empty, offsets.Build()], [new FloatArray.Builder().AppendRange(ArrowFile.Rows(3)).Build().Data]));
        var schema = new Schema([new Field("x", type, true)], null);
        using (var stream = new FileStream(folder.File("a.arrow"), FileMode.Create))
        using (var writer = new ArrowFileWriter(stream, schema))
        {
            writer.WriteRecordBatch(new(schema, [array], 3));
            writer.WriteEnd();
        }
        Assert.Contains("do not have 4 values each", Refusal(folder.File("a.arrow")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("parquet")]
    [InlineData("arrow")]
    public void A_run_draws_its_samples_from_all_files_of_a_folder(string ending)
    {
        for (int file = 0; file < 6; file++)
        {
            float[] rows = ArrowFile.Rows(50, 50 * file);
            if (ending == "parquet") ParquetFile.Write(folder.File($"part-{file}.parquet"), rows, 20, nested: false, doubles: false);
            else ArrowFile.Write(folder.File($"part-{file}.arrow"), rows, 20, new FixedSizeListType(FloatType.Default, D), asFile: false);
        }
        using var split = DataSets.Open(new() { Source = folder.Path, TrainSamples = 260, ValidationSamples = 40, Normalisation = Normalisation.None }, 1);
        float[] train = new float[260 * D], validation = new float[40 * D];
        int[] order = new int[260];
        split.Train.Order(3).Fill(0, 0, order);
        split.Train.CopyRows(order, train);
        split.Validation.CopyRows([.. Enumerable.Range(0, 40)], validation);
        Assert.Equal(ArrowFile.Rows(300).Chunk(D).Select(row => row[0] + 1000 * row[3]).Order(), train.Concat(validation).Chunk(D).Select(row => row[0] + 1000 * row[3]).Order());
    }
}
