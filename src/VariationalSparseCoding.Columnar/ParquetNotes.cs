using Parquet;
using Parquet.Schema;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Columnar;

/// <summary>What rows of a store are, from its Parquet file. Groups of rows are read whole, and the two that were read last are kept.</summary>
internal sealed class ParquetNotes : RowNotes
{
    private const string Format = "Parquet", Advice = "collect the store anew";
    private const int KeptGroups = 2, MostRows = 1 << 22;

    private static readonly string[] sampleColumns = ["text_index", "image_index", "row_index"], nameColumns = ["text", "image"];

    // The reader has one position in its file.
    private readonly Lock reading = new();
    private readonly string path;
    private readonly FileStream stream;
    private readonly ParquetReader reader;
    private readonly long[] starts;
    private readonly DataField sample;
    private readonly DataField? name, token, position, label;
    private readonly List<(int Index, Group Group)> kept = [];

    private ParquetNotes(string path, FileStream stream, ParquetReader reader)
    {
        (this.path, this.stream, this.reader) = (path, stream, reader);
        starts = new long[reader.RowGroupCount + 1];
        for (int index = 0; index < reader.RowGroupCount; index++)
        {
            using var group = reader.OpenRowGroupReader(index);
            if (group.RowCount is < 0 or > MostRows) throw InputFile.Malformed(path, $"its group {index} has {group.RowCount} rows", Advice);
            starts[index + 1] = starts[index] + group.RowCount;
        }
        sample = Field(IsNumber, sampleColumns) ?? throw InputFile.Malformed(path, $"it has none of the columns {string.Join(", ", sampleColumns)}", Advice);
        (name, token, position, label) = (Field(IsText, nameColumns), Field(IsText, "token"), Field(IsNumber, "position"), Field(IsText, "label"));
    }

    /// <inheritdoc/>
    public override long Rows => starts[^1];

    /// <inheritdoc/>
    public override bool HasLabels => label is not null;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It is damaged.</exception>
    public static new ParquetNotes Open(string path) => ColumnFailures.Guard(path, Format, () =>
    {
        var stream = RegularFile.Open(path);
        ParquetReader? reader = null;
        try
        {
            reader = ParquetReader.CreateAsync(stream).GetAwaiter().GetResult();
            return new ParquetNotes(path, stream, reader);
        }
        catch
        {
            reader?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            stream.Dispose();
            throw;
        }
    });

    /// <inheritdoc/>
    public override IReadOnlyDictionary<long, RowNote> Read(IEnumerable<long> rows) => ColumnFailures.Guard(path, Format, () =>
    {
        Dictionary<long, RowNote> notes = [];
        foreach (var wanted in rows.Where(row => row >= 0 && row < Rows).GroupBy(GroupOf).OrderBy(group => group.Key))
        {
            var group = Get(wanted.Key);
            foreach (long row in wanted) notes[row] = group[(int)(row - starts[wanted.Key])];
        }
        return notes;
    });

    /// <inheritdoc/>
    public override IEnumerable<string[]> Labels()
    {
        var column = label ?? throw InputFile.Malformed(path, "it has no column 'label'", "collect the store anew with labels");
        for (int index = 0; index < reader.RowGroupCount; index++)
        {
            int group = index;
            yield return ColumnFailures.Guard(path, Format, () =>
            {
                lock (reading)
                {
                    using var opened = reader.OpenRowGroupReader(group);
                    return Texts(opened, column)!;
                }
            });
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        stream.Dispose();
    }

    private static bool IsNumber(Type type) => type == typeof(int);

    // The library has had several types for one kind of column.
    private static bool IsText(Type type) => type == typeof(string) || type == typeof(ReadOnlyMemory<char>) || type == typeof(byte[]);

    private DataField? Field(Func<Type, bool> isOfKind, params ReadOnlySpan<string> names)
    {
        foreach (string wanted in names)
            if (reader.Schema.Fields.FirstOrDefault(field => field.Name == wanted) is DataField { MaxRepetitionLevel: 0 } found && isOfKind(found.ClrType)) return found;
        return null;
    }

    private int GroupOf(long row) => Parts.Of(starts, row);

    private Group Get(int index)
    {
        lock (reading)
        {
            int place = kept.FindIndex(entry => entry.Index == index);
            if (place < 0)
            {
                using var opened = reader.OpenRowGroupReader(index);
                kept.Add((index, new(Numbers(opened, sample)!, Texts(opened, name), Texts(opened, token), Numbers(opened, position), Texts(opened, label))));
                if (kept.Count > KeptGroups) kept.RemoveAt(0);
                place = kept.Count - 1;
            }
            return kept[place].Group;
        }
    }

    private static int[]? Numbers(ParquetRowGroupReader group, DataField? column)
    {
        if (column is null) return null;
        int[] numbers = new int[group.RowCount];
        group.ReadAsync<int>(column, numbers).AsTask().GetAwaiter().GetResult();
        return numbers;
    }

    private static string[]? Texts(ParquetRowGroupReader group, DataField? column)
    {
        if (column is null) return null;
        string[] texts = new string[group.RowCount];
        group.ReadAsync(column, texts).AsTask().GetAwaiter().GetResult();
        return Array.ConvertAll(texts, text => text ?? "");
    }

    private sealed record Group(int[] Samples, string[]? Names, string[]? Tokens, int[]? Positions, string[]? Labels)
    {
        public RowNote this[int row] => new(Samples[row], Names?[row], Tokens?[row], Positions?[row], Labels?[row]);
    }
}
