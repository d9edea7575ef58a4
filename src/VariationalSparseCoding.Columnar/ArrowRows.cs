using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Columnar;

/// <summary>
/// Rows in columns of Arrow IPC files and streams, such as those of Hugging Face's datasets and Feather (version 2): lists, fixed-size lists, and lists of these, of float16, float32
/// and float64. The lengths of record batches are found without reading them; a batch is read whole.
/// </summary>
internal sealed class ArrowRows : RowFormat
{
    private const string Format = "Arrow";
    private const int Alignment = 8;
    private const uint Continuation = 0xFFFFFFFF;

    private static ReadOnlySpan<byte> FileMagic => "ARROW1"u8;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Endings => [".arrow", ".feather"];

    /// <inheritdoc/>
    public override string PartName => "column";

    /// <inheritdoc/>
    public override RowShard Open(string path, string part) => ColumnFailures.Guard(path, Format, () =>
    {
        var stream = RegularFile.Open(path);
        try
        {
            var (before, batches) = Messages(stream, path);
            Schema schema;
            using (var reader = new ArrowStreamReader(new MemoryStream(before), new CompressionCodecFactory())) schema = reader.Schema;
            string name = Choose(path, part, [.. schema.FieldsList.Select(field => field.Name)], [.. schema.FieldsList.Where(field => Depth(field.DataType) > 0).Select(field => field.Name)]);
            int column = schema.FieldsList.ToList().FindIndex(field => field.Name == name), depth = Depth(schema.FieldsList[column].DataType);
            if (depth == 0) throw InputFile.Malformed(path, $"the column '{name}' does not hold lists of numbers", "name one that holds lists of float16, float32 or float64");
            int node = schema.FieldsList.Take(column).Sum(field => NodesOf(field.DataType)) + depth - 1;
            return new Shard(path, stream, before, column, Describe(path, name, batches, node));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    });

    /// <summary>How many lists stand around a type's numbers; 0 if it is not a list of numbers.</summary>
    private static int Depth(IArrowType type) => type switch
    {
        ListType or FixedSizeListType or LargeListType => Inner(type) switch
        {
            HalfFloatType or FloatType or DoubleType => 1,
            var inner => Depth(inner) is > 0 and var depth ? depth + 1 : 0,
        },
        _ => 0,
    };

    private static IArrowType Inner(IArrowType type) => ((NestedType)type).Fields[0].DataType;

    private static int NodesOf(IArrowType type) => 1 + (type is NestedType nested ? nested.Fields.Sum(field => NodesOf(field.DataType)) : 0);

    /// <summary>Finds the messages: those before the first record batch as they are, and of the record batches where they lie.</summary>
    private static (byte[] Before, List<Batch> Batches) Messages(FileStream stream, string path)
    {
        Span<byte> magic = stackalloc byte[Alignment];
        stream.ReadExactly(magic);
        if (!magic.StartsWith(FileMagic)) stream.Position = 0;
        long begin = stream.Position, beforeEnd = begin;
        var batches = new List<Batch>();
        Span<byte> word = stackalloc byte[sizeof(int)];
        while (stream.Length - stream.Position >= word.Length)
        {
            long start = stream.Position;
            stream.ReadExactly(word);
            // Streams of before 2019 have no continuation.
            if (BinaryPrimitives.ReadUInt32LittleEndian(word) == Continuation) stream.ReadExactly(word);
            int length = BinaryPrimitives.ReadInt32LittleEndian(word);
            if (length == 0) break;
            if (length < 0 || length > stream.Length - stream.Position) throw InputFile.Malformed(path, $"the message at byte {start} declares {length} bytes of metadata", "this is not an intact Arrow file: copy or save it again");
            byte[] metadata = new byte[length];
            stream.ReadExactly(metadata);
            var message = ArrowMessage.Parse(metadata, path);
            if (message.BodyLength > stream.Length - stream.Position)
                throw InputFile.Malformed(path, $"the message at byte {start} declares {message.BodyLength} bytes and the file has {stream.Length - stream.Position} more", "the file was cut short: copy or save it again");
            long end = stream.Position + message.BodyLength;
            if (message.Kind == ArrowMessageKind.RecordBatch) batches.Add(new(start, end - start, message.Lengths));
            else if (batches.Count == 0) beforeEnd = end;
            else if (message.Kind != ArrowMessageKind.None) throw InputFile.Malformed(path, "it has dictionaries between its record batches", "save it without dictionary-encoded columns");
            stream.Position = end;
        }
        if (batches.Count == 0) throw InputFile.Malformed(path, "it has no record batches", "this is not an intact Arrow file, or an empty one: copy or save it again");
        stream.Position = begin;
        byte[] before = new byte[checked((int)(beforeEnd - begin))];
        stream.ReadExactly(before);
        return (before, batches);
    }

    private static Description Describe(string path, string name, List<Batch> batches, int node)
    {
        var kept = new List<Batch>();
        var rows = new List<int>();
        int columns = 0;
        foreach (var batch in batches)
        {
            if (batch.Lengths.Count <= node + 1) throw InputFile.Malformed(path, "a record batch has fewer fields than the schema", "this is not an intact Arrow file: copy or save it again");
            long lists = batch.Lengths[node], values = batch.Lengths[node + 1];
            if (lists == 0) continue;
            if (columns == 0) columns = (int)Math.Clamp(values / lists, 0, int.MaxValue);
            if (columns < 1 || values != lists * columns)
                throw InputFile.Malformed(path, $"the {lists} lists of record batch {batches.IndexOf(batch)} of column '{name}' have {values} values, not {columns} each", "rows need one length; leave out empty and missing lists");
            kept.Add(batch);
            rows.Add(ColumnFailures.RequireRoom(path, lists, columns));
        }
        return kept.Count > 0 ? new(name, columns, [.. kept], [.. rows]) : throw InputFile.Malformed(path, $"the column '{name}' has no rows", "save it again");
    }

    private sealed record Batch(long Start, long Bytes, IReadOnlyList<long> Lengths);

    private sealed record Description(string Name, int Columns, Batch[] Batches, int[] Rows);

    private sealed class Shard(string path, FileStream stream, byte[] before, int column, Description description) : RowShard(path, description.Rows.Sum(rows => (long)rows), description.Columns)
    {
        public override IReadOnlyList<int>? BlockRows => description.Rows;

        public override void Read(long first, int count, Span<float> destination)
        {
            RequirePlace(first, count, destination);
            float[] values = ColumnFailures.Guard(Path, Format, () => ReadBatch(first, count));
            values.CopyTo(destination);
        }

        protected override void Dispose(bool disposing) => stream.Dispose();

        private float[] ReadBatch(long first, int count)
        {
            int index = 0;
            for (long passed = 0; passed < first; index++) passed += description.Rows[index];
            var batch = description.Batches[index];
            // The library reads the schema and this one batch.
            byte[] bytes = new byte[checked(before.Length + (int)batch.Bytes)];
            before.CopyTo(bytes, 0);
            for (int done = before.Length; done < bytes.Length;)
            {
                int read = RandomAccess.Read(stream.SafeFileHandle, bytes.AsSpan(done), batch.Start + done - before.Length);
                if (read == 0) throw InputFile.Malformed(Path, "it was cut short while it was read", "put the file back");
                done += read;
            }
            using var reader = new ArrowStreamReader(new MemoryStream(bytes), new CompressionCodecFactory());
            using var records = reader.ReadNextRecordBatch();
            var values = Flat(records.Column(column), index);
            float[] rows = new float[count * Columns];
            if (values.Length != rows.Length) throw InputFile.Malformed(Path, $"record batch {index} of column '{description.Name}' has {values.Length} values where {rows.Length} are declared", "save it again");
            switch (values)
            {
                case FloatArray singles:
                    singles.Values.CopyTo(rows);
                    break;
                case DoubleArray doubles:
                    Widening.FromDouble(doubles.Values, rows);
                    break;
                case HalfFloatArray halves:
                    Widening.FromHalf(MemoryMarshal.Cast<Half, ushort>(halves.Values), rows);
                    break;
            }
            return rows;
        }

        // From the column to its numbers; every list is whole, and the innermost have D values.
        private IArrowArray Flat(IArrowArray array, int batch)
        {
            if (array.NullCount != 0) throw InputFile.Malformed(Path, $"values of record batch {batch} of column '{description.Name}' are missing", "leave out the records or fill the values in");
            switch (array)
            {
                case FixedSizeListArray lists:
                    if (Inner(lists.Data.DataType) is not NestedType && ((FixedSizeListType)lists.Data.DataType).ListSize != Columns) throw Uneven(batch);
                    return Flat(lists.Values, batch);
                case ListArray lists:
                    RequireOffsets(lists.Values is FloatArray or DoubleArray or HalfFloatArray, lists.Length, lists.Values.Length, batch, i => lists.ValueOffsets[i]);
                    return Flat(lists.Values, batch);
                case LargeListArray lists:
                    RequireOffsets(lists.Values is FloatArray or DoubleArray or HalfFloatArray, lists.Length, lists.Values.Length, batch, i => lists.ValueOffsets[i]);
                    return Flat(lists.Values, batch);
                default:
                    return array;
            }
        }

        private void RequireOffsets(bool isInnermost, int lists, int values, int batch, Func<int, long> offset)
        {
            if (offset(0) != 0 || offset(lists) != values) throw Uneven(batch);
            for (int i = 0; isInnermost && i < lists; i++)
                if (offset(i + 1) - offset(i) != Columns) throw Uneven(batch);
        }

        private InvalidInputException Uneven(int batch) =>
            InputFile.Malformed(Path, $"the lists of record batch {batch} of column '{description.Name}' do not have {Columns} values each", "rows need one length");
    }
}
