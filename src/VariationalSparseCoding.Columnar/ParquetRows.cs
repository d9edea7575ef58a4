using Parquet;
using Parquet.Schema;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Columnar;

/// <summary>Rows in columns of Parquet files: each record's list is a row, or each inner list of a record's list of lists. All rows have the same length. Groups of records are read whole.</summary>
internal sealed class ParquetRows : RowFormat
{
    private const string Format = "Parquet";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Endings => [".parquet"];

    /// <inheritdoc/>
    public override string PartName => "column";

    /// <inheritdoc/>
    public override RowShard Open(string path, string part) => ColumnFailures.Guard(path, Format, () =>
    {
        var stream = RegularFile.Open(path);
        ParquetReader? reader = null;
        try
        {
            reader = ParquetReader.CreateAsync(stream).GetAwaiter().GetResult();
            string name = Choose(path, part, [.. reader.Schema.Fields.Select(field => field.Name)], [.. reader.Schema.Fields.Where(field => Leaf(field) is not null).Select(field => field.Name)]);
            var leaf = Leaf(reader.Schema.Fields.First(field => field.Name == name)) ?? throw InputFile.Malformed(path, $"the column '{name}' does not hold lists of numbers", "name one that holds lists of float32 or float64");
            return new Shard(path, reader, leaf, Describe(path, reader, leaf));
        }
        catch
        {
            reader?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            stream.Dispose();
            throw;
        }
    });

    /// <summary>The numbers of a column of lists, or of lists of lists; null if it is something else.</summary>
    private static DataField? Leaf(Field field)
    {
        var inner = field;
        while (inner is ListField list) inner = list.Item;
        return inner is DataField { MaxRepetitionLevel: >= 1 } leaf && (leaf.ClrType == typeof(float) || leaf.ClrType == typeof(double)) ? leaf : null;
    }

    private static (int Columns, int[] Groups) Describe(string path, ParquetReader reader, DataField leaf)
    {
        var groups = new List<int>();
        int columns = 0;
        for (int index = 0; index < reader.RowGroupCount; index++)
        {
            using var group = reader.OpenRowGroupReader(index);
            long records = group.RowCount, values = group.GetMetadata(leaf)?.MetaData?.NumValues ?? 0;
            if (records == 0) continue;
            if (columns == 0) columns = leaf.MaxRepetitionLevel == 1 ? (int)Math.Clamp(values / records, 0, int.MaxValue) : FirstLength(group, leaf, values);
            if (columns < 1 || values % columns != 0 || leaf.MaxRepetitionLevel == 1 && values / columns != records)
                throw InputFile.Malformed(path, $"the lists in group {index} of column '{leaf.Path}' have {values} values in {records} records, not {columns} each", "rows need one length; leave out empty and missing lists");
            groups.Add(ColumnFailures.RequireRoom(path, values / columns, columns));
        }
        return groups.Count > 0 ? (columns, [.. groups]) : throw InputFile.Malformed(path, "it has no records", "save it again");
    }

    private static int FirstLength(ParquetRowGroupReader group, DataField leaf, long values)
    {
        int[] repetitions = Read(group, leaf, checked((int)values)).Repetitions;
        int length = 1;
        while (length < repetitions.Length && repetitions[length] == leaf.MaxRepetitionLevel) length++;
        return length;
    }

    /// <summary>The numbers of a group's column, and beside each how much of it there is (definition) and which list it begins (repetition).</summary>
    private static (float[] Values, int[] Definitions, int[] Repetitions) Read(ParquetRowGroupReader group, DataField leaf, int count)
    {
        float[] values = new float[count];
        int[] definitions = new int[count], repetitions = new int[count];
        if (leaf.ClrType == typeof(float)) group.ReadRawAsync<float>(leaf, values, definitionLevels: definitions, repetitionLevels: repetitions).AsTask().GetAwaiter().GetResult();
        else
        {
            double[] doubles = new double[count];
            group.ReadRawAsync<double>(leaf, doubles, definitionLevels: definitions, repetitionLevels: repetitions).AsTask().GetAwaiter().GetResult();
            Widening.FromDouble(doubles, values);
        }
        return (values, definitions, repetitions);
    }

    private sealed class Shard(string path, ParquetReader reader, DataField leaf, (int Columns, int[] Groups) description) : RowShard(path, description.Groups.Sum(rows => (long)rows), description.Columns)
    {
        // The reader has one position in its file.
        private readonly Lock reading = new();

        public override IReadOnlyList<int>? BlockRows => description.Groups;

        public override void Read(long first, int count, Span<float> destination)
        {
            RequirePlace(first, count, destination);
            float[] values = ColumnFailures.Guard(Path, Format, () =>
            {
                lock (reading) return ReadGroup(first, count);
            });
            values.CopyTo(destination);
        }

        protected override void Dispose(bool disposing) => reader.DisposeAsync().AsTask().GetAwaiter().GetResult();

        private float[] ReadGroup(long first, int count)
        {
            int block = 0, index = 0;
            for (long before = 0; before < first; block++) before += description.Groups[block];
            // Groups without records are not blocks.
            for (int left = block; ; index++)
            {
                using var candidate = reader.OpenRowGroupReader(index);
                if (candidate.RowCount > 0 && left-- == 0) break;
            }
            using var group = reader.OpenRowGroupReader(index);
            var (values, definitions, repetitions) = ParquetRows.Read(group, leaf, count * Columns);
            int missing = definitions.AsSpan().IndexOfAnyExcept(leaf.MaxDefinitionLevel);
            if (missing >= 0) throw InputFile.Malformed(Path, $"a value of row {missing / Columns} in group {index} of column '{leaf.Path}' is missing", "leave out the record or fill the value in");
            for (int i = 0; i < repetitions.Length; i++)
                if (repetitions[i] < leaf.MaxRepetitionLevel != (i % Columns == 0))
                    throw InputFile.Malformed(Path, $"row {i / Columns} in group {index} of column '{leaf.Path}' does not have {Columns} values", "rows need one length");
            return values;
        }
    }
}
