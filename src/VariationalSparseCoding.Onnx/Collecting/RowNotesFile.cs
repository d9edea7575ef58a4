using Parquet;
using Parquet.Schema;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>The Parquet file beside the shards of a store that says what each row is, in the order of the rows.</summary>
internal static class RowNotesFile
{
    /// <summary>Its name in the store's folder.</summary>
    public const string FileName = RowNotes.FileName;

    private const int RowsPerGroup = 1 << 16;

    /// <summary>Writes the file whole.</summary>
    /// <param name="folder">The store's folder.</param>
    /// <param name="notes">What is known of each row.</param>
    /// <param name="columns">How the columns are called.</param>
    /// <param name="hasPositions">Whether rows are positions of samples, not whole samples.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public static void Write(string folder, IEnumerable<RowNote> notes, RowColumns columns, bool hasPositions) =>
        AtomicFile.Write(Path.Combine(folder, FileName), stream => WriteAsync(stream, notes, columns, hasPositions).GetAwaiter().GetResult());

    private static async Task WriteAsync(Stream stream, IEnumerable<RowNote> notes, RowColumns columns, bool hasPositions)
    {
        var sample = new DataField<int>(columns.Sample);
        var name = columns.Name is null ? null : new DataField<string>(columns.Name, nullable: false);
        var token = hasPositions && columns.HasTokens ? new DataField<string>("token", nullable: false) : null;
        var position = hasPositions ? new DataField<int>("position") : null;
        var label = columns.HasLabels ? new DataField<string>("label", nullable: false) : null;
        var schema = new ParquetSchema(new Field?[] { sample, name, token, position, label }.OfType<Field>());
        // The writer asks where it stands in the file, which the stream of a file knows.
        await using var writer = await ParquetWriter.CreateAsync(schema, stream, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd });
        foreach (var rows in notes.Chunk(RowsPerGroup))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<int>(sample, Array.ConvertAll(rows, row => row.Sample));
            if (name is not null) await group.WriteAsync(name, Array.ConvertAll(rows, row => row.Name ?? ""));
            if (token is not null) await group.WriteAsync(token, Array.ConvertAll(rows, row => row.Token ?? ""));
            if (position is not null) await group.WriteAsync<int>(position, Array.ConvertAll(rows, row => row.Position ?? 0));
            if (label is not null) await group.WriteAsync(label, Array.ConvertAll(rows, row => row.Label ?? ""));
            group.CompleteValidate();
        }
    }
}
