using System.Text;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>
/// Reads a table of texts row by row: fields are separated by commas (.csv) or tabs (.tsv), and those that begin with a quotation mark end with one, as RFC 4180 has it.
/// </summary>
internal sealed class DelimitedText : IDisposable
{
    // An opening quotation mark that is never closed would take the rest of the file.
    private const int LongestField = 1 << 20;

    private readonly string path;
    private readonly StreamReader reader;
    private readonly char separator;
    private int line = 1;

    private DelimitedText(string path, FileStream stream)
    {
        this.path = path;
        reader = new StreamReader(stream, Encoding.UTF8);
        separator = IsTabbed(path) ? '\t' : ',';
    }

    /// <summary>Whether a file's name says that it is such a table.</summary>
    /// <param name="path">The file.</param>
    public static bool IsTable(string path) => IsTabbed(path) || Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase);

    /// <summary>Opens a table.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It is missing or cannot be read.</exception>
    public static DelimitedText Open(string path) => new(path, InputFile.Read(path, stream => RegularFile.Open(stream.Name)));

    /// <summary>Reads the next row; null at the end.</summary>
    /// <exception cref="InvalidInputException">A quoted field is not closed, or is followed by something else than a separator; or the file cannot be read.</exception>
    public IReadOnlyList<string>? ReadRow() => InputFile.Read(reader.BaseStream, path, () =>
    {
        if (reader.Peek() < 0) return null;
        List<string> fields = [];
        do
            fields.Add(ReadField());
        while (TakeSeparator());
        return fields;
    });

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();

    private static bool IsTabbed(string path) => Path.GetExtension(path).Equals(".tsv", StringComparison.OrdinalIgnoreCase);

    private string ReadField()
    {
        var field = new StringBuilder();
        if (reader.Peek() != '"')
        {
            while (reader.Peek() is >= 0 and not ('\n' or '\r') and var letter && letter != separator) Append(field, line);
            return field.ToString();
        }
        int begun = line;
        reader.Read();
        while (true)
        {
            if (reader.Peek() < 0) throw Unclosed(begun);
            if (reader.Peek() == '"')
            {
                reader.Read();
                if (reader.Peek() != '"') break;
            }
            else if (reader.Peek() == '\n') line++;
            Append(field, begun);
        }
        if (reader.Peek() is >= 0 and not ('\n' or '\r') and var next && next != separator)
            throw InputFile.Malformed(path, $"in line {line} a field goes on behind its closing quotation mark", "write a field that begins with a quotation mark in quotation marks, and double those within it");
        return field.ToString();
    }

    private void Append(StringBuilder field, int begun)
    {
        field.Append((char)reader.Read());
        if (field.Length > LongestField) throw Unclosed(begun);
    }

    /// <summary>Passes what ends a field; whether another of the same row follows.</summary>
    private bool TakeSeparator()
    {
        int letter = reader.Read();
        if (letter == separator) return true;
        if (letter == '\r' && reader.Peek() == '\n') reader.Read();
        line++;
        return false;
    }

    private InvalidInputException Unclosed(int begun) =>
        InputFile.Malformed(path, $"the field that begins in line {begun} has more than {LongestField} letters or no closing quotation mark", "write a field that begins with a quotation mark in quotation marks, and double those within it");
}
