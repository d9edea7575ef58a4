using System.Text;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>Texts in a file: one a line, or a column of a table whose first row has the columns' names. Blank texts are passed over, and keep their number.</summary>
/// <param name="Path">The file, in UTF-8.</param>
/// <param name="Column">The column of the texts; null for one text a line.</param>
/// <param name="LabelColumn">The column of their labels; null without.</param>
internal sealed record TextFile(string Path, string? Column = null, string? LabelColumn = null)
{
    private const int LongestLine = 1 << 20;

    /// <summary>Reads the texts that are not blank.</summary>
    /// <exception cref="InvalidInputException">The file is missing or damaged, or has no such column.</exception>
    public IEnumerable<(int Index, string Text, string? Label)> Read()
    {
        var texts = Column is null ? ReadLines().Select(text => (text, (string?)null)) : ReadTable(Column);
        int index = 0;
        foreach (var (text, label) in texts)
        {
            if (!string.IsNullOrWhiteSpace(text)) yield return (index, text, label);
            index++;
        }
    }

    private IEnumerable<string> ReadLines()
    {
        if (LabelColumn is not null) throw new InvalidInputException($"{Path}: labels stand in a column, and no column of texts is named; name it too.");
        using var reader = new StreamReader(InputFile.Read(Path, stream => RegularFile.Open(stream.Name)), Encoding.UTF8);
        for (int line = 1; InputFile.Read(reader.BaseStream, Path, () => ReadLine(reader, line)) is { } text; line++) yield return text;
    }

    // As the reader's own method, which would hold a file without line breaks in memory.
    private string? ReadLine(StreamReader reader, int line)
    {
        if (reader.Peek() < 0) return null;
        var text = new StringBuilder();
        while (reader.Read() is >= 0 and var letter)
        {
            if (letter == '\r' && reader.Peek() == '\n') letter = reader.Read();
            if (letter is '\n' or '\r') break;
            if (text.Length == LongestLine) throw InputFile.Malformed(Path, $"line {line} has more than {LongestLine} letters", "write one text a line");
            text.Append((char)letter);
        }
        return text.ToString();
    }

    private IEnumerable<(string Text, string? Label)> ReadTable(string column)
    {
        if (!DelimitedText.IsTable(Path)) throw new InvalidInputException($"{Path}: columns are read from files that end in .csv or .tsv; rename the file, or name no column for one text a line.");
        using var table = DelimitedText.Open(Path);
        var header = table.ReadRow() ?? [];
        int text = IndexOf(header, column);
        int? label = LabelColumn is null ? null : IndexOf(header, LabelColumn);
        for (int row = 1; table.ReadRow() is { } fields; row++)
        {
            // A blank line has one empty field.
            if (fields is [""] && header.Count > 1) continue;
            if (fields.Count != header.Count) throw InputFile.Malformed(Path, $"row {row} below the header has {fields.Count} fields where the header has {header.Count}", "mend the row");
            yield return (fields[text], label is { } index ? fields[index] : null);
        }
    }

    private int IndexOf(IReadOnlyList<string> header, string name)
    {
        int index = header.ToList().IndexOf(name);
        return index >= 0 ? index : throw new InvalidInputException(PrintableText.Of($"{Path}: there is no column '{name}'{Spelling.Suggestion(name, header)}"));
    }
}
