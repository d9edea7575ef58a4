using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace VariationalSparseCoding.Columnar.Tests;

/// <summary>Writes small Arrow files with a column x of lists among others.</summary>
internal static class ArrowFile
{
    public const int Columns = 4;

    public static float[] Rows(int count, int first = 0) => [.. Enumerable.Range(first * Columns, count * Columns).Select(i => i % 512 + i / 512 * 0.25f)];

    /// <summary>Rows in record batches, behind a column of texts.</summary>
    public static void Write(string path, float[] rows, int batchRecords, IArrowType type, bool asFile, CompressionCodecType? compression = null)
    {
        var schema = new Schema([new Field("text", StringType.Default, true), new Field("x", type, true), new Field("id", Int32Type.Default, true)], null);
        using var stream = new FileStream(path, FileMode.Create, FileAccess.ReadWrite);
        var options = new IpcOptions { CompressionCodec = compression, CompressionCodecFactory = new CompressionCodecFactory() };
        using ArrowStreamWriter writer = asFile ? new ArrowFileWriter(stream, schema, true, options) : new ArrowStreamWriter(stream, schema, true, options);
        writer.WriteStart();
        int perRecord = PerRecord(type);
        foreach (float[] values in rows.Chunk(batchRecords * perRecord))
        {
            int records = values.Length / perRecord;
            var texts = new StringArray.Builder();
            var ids = new Int32Array.Builder();
            for (int i = 0; i < records; i++) (_, _) = (texts.Append($"text {i}"), ids.Append(i));
            writer.WriteRecordBatch(new(schema, [texts.Build(), Nested(type, values, records), ids.Build()], records));
        }
        writer.WriteEnd();
    }

    private static int PerRecord(IArrowType type) => type switch
    {
        FixedSizeListType fixedSize => fixedSize.ListSize * PerRecord(fixedSize.ValueDataType),
        ListType list => (list.ValueDataType is NestedType ? 3 : Columns) * PerRecord(list.ValueDataType),
        _ => 1,
    };

    private static IArrowArray Nested(IArrowType type, float[] values, int records)
    {
        switch (type)
        {
            case FloatType: return new FloatArray.Builder().AppendRange(values).Build();
            case DoubleType: return new DoubleArray.Builder().AppendRange(values.Select(value => (double)value)).Build();
            case HalfFloatType: return new HalfFloatArray.Builder().AppendRange(values.Select(value => (Half)value)).Build();
        }
        var inner = ((NestedType)type).Fields[0].DataType;
        int each = PerRecord(type) / PerRecord(inner);
        var children = Nested(inner, values, records * each);
        if (type is FixedSizeListType) return new FixedSizeListArray(new ArrayData(type, records, 0, 0, [ArrowBuffer.Empty], [children.Data]));
        var offsets = new ArrowBuffer.Builder<int>();
        for (int i = 0; i <= records; i++) offsets.Append(i * each);
        return new ListArray(new ArrayData(type, records, 0, 0, [ArrowBuffer.Empty, offsets.Build()], [children.Data]));
    }
}
