using System.Text;

namespace VariationalSparseCoding.Commands.Printing;

/// <summary>A writer that escapes what must not reach a terminal; see <see cref="Printable"/>.</summary>
/// <param name="inner">Where the text goes.</param>
internal sealed class PrintableWriter(TextWriter inner) : TextWriter(inner.FormatProvider)
{
    /// <summary>The writer without the escaping, for text that holds the program's own terminal sequences.</summary>
    public TextWriter Inner => inner;

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value) => inner.Write(value is null ? null : Printable.Escape(value));

    public override void WriteLine() => inner.WriteLine();

    public override void WriteLine(string? value) => inner.WriteLine(value is null ? null : Printable.Escape(value));

    public override void Flush() => inner.Flush();
}
