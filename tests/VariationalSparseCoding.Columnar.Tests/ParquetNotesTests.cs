using Parquet;
using Parquet.Schema;
using VariationalSparseCoding.Data;

namespace VariationalSparseCoding.Columnar.Tests;

public sealed class ParquetNotesTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Rows_are_read_from_whichever_group()
    {
        string path = await Write(10, 4);
        using var notes = ParquetNotes.Open(path);
        Assert.Equal((10, true), (notes.Rows, notes.HasLabels));
        var read = notes.Read([9, 0, 3, 4, 8, -1, 10, 4]);
        Assert.Equal([0, 3, 4, 8, 9], read.Keys.Order());
        foreach (var (row, note) in read) Assert.Equal(Note((int)row), note);
        Assert.Equal(Enumerable.Range(0, 10).Select(row => Note(row).Label), notes.Labels().SelectMany(labels => labels));
    }

    [Fact]
    public async Task Notes_without_texts_have_numbers_only()
    {
        string path = scratch.File("rows.parquet");
        var sample = new DataField<int>("row_index");
        await Write(path, new(sample), async group => await group.WriteAsync<int>(sample, new[] { 5, 6 }));
        using var notes = ParquetNotes.Open(path);
        Assert.False(notes.HasLabels);
        Assert.Equal(new RowNote(6, null, null, null, null), notes.Read([1])[1]);
        Assert.Contains("label", Assert.Throws<InvalidInputException>(() => notes.Labels().ToList()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_files_are_refused()
    {
        string path = scratch.File("rows.parquet");
        var other = new DataField<int>("number");
        await Write(path, new(other), async group => await group.WriteAsync<int>(other, new[] { 1 }));
        Assert.Contains("text_index", Assert.Throws<InvalidInputException>(() => ParquetNotes.Open(path)).Message, StringComparison.Ordinal);
        byte[] content = File.ReadAllBytes(path);
        foreach (int length in new[] { 1, 4, content.Length / 2, content.Length - 1 })
        {
            File.WriteAllBytes(path, content[..length]);
            Assert.Contains(path, Assert.Throws<InvalidInputException>(() => ParquetNotes.Open(path)).Message, StringComparison.Ordinal);
        }
    }

    private static RowNote Note(int row) => new(row / 3, $"text {row / 3}", $"token{row}", row % 3, $"label {row / 6}");

    private async Task<string> Write(int rows, int groupRows)
    {
        string path = scratch.File("rows.parquet");
        DataField<int> sample = new("text_index"), position = new("position");
        DataField<string> text = new("text", nullable: false), token = new("token", nullable: false), label = new("label", nullable: false);
        await Write(path, new(sample, text, token, position, label), [.. Enumerable.Range(0, rows).Chunk(groupRows).Select(chunk => (Func<ParquetRowGroupWriter, Task>)(async group =>
        {
            RowNote[] notes = [.. chunk.Select(Note)];
            await group.WriteAsync<int>(sample, Array.ConvertAll(notes, note => note.Sample));
            await group.WriteAsync(text, Array.ConvertAll(notes, note => note.Name!));
            await group.WriteAsync(token, Array.ConvertAll(notes, note => note.Token!));
            await group.WriteAsync<int>(position, Array.ConvertAll(notes, note => note.Position!.Value));
            await group.WriteAsync(label, Array.ConvertAll(notes, note => note.Label!));
        }))]);
        return path;
    }

    private static async Task Write(string path, ParquetSchema schema, params Func<ParquetRowGroupWriter, Task>[] groups)
    {
        await using var stream = new FileStream(path, FileMode.Create, FileAccess.ReadWrite);
        await using var writer = await ParquetWriter.CreateAsync(schema, stream);
        foreach (var write in groups)
        {
            using var group = writer.CreateRowGroup();
            await write(group);
            group.CompleteValidate();
        }
    }
}
