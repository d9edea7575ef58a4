using VariationalSparseCoding.Commands.Printing;

namespace VariationalSparseCoding.Commands.Tests.Printing;

public class PrintableTests
{
    [Theory]
    [InlineData("plain text, 1 + 1 = 2, µ², 日本\n\tnext line", "plain text, 1 + 1 = 2, µ², 日本\n\tnext line")]
    [InlineData("\u001b[2Jgone", @"\u001b[2Jgone")]
    [InlineData("bell\a", @"bell\u0007")]
    [InlineData("over\rwritten", @"over\u000dwritten")]
    [InlineData("windows\r\nline", "windows\r\nline")]
    [InlineData("\u009b31mC1", @"\u009b31mC1")]
    [InlineData("txt.\u202egpj", @"txt.\u202egpj")]
    [InlineData("\u2066isolated\u2069", @"\u2066isolated\u2069")]
    [InlineData("", "")]
    public void What_could_drive_a_terminal_becomes_visible(string text, string expected) => Assert.Equal(expected, Printable.Escape(text));

    [Fact]
    public async Task A_writer_escapes_whatever_way_it_is_written_to()
    {
        using var inner = new StringWriter();
        using var writer = new PrintableWriter(inner);
        writer.Write('\u001b');
        writer.Write("a\u001b");
        writer.Write(['\u001b', 'b'], 0, 2);
        writer.WriteLine("c\u001b");
        writer.WriteLine();
        await writer.WriteLineAsync("d\u001b");
        writer.Write("{0}", "e\u001b");
        Assert.Equal(@"\u001ba\u001b\u001bbc\u001b|" + @"|d\u001b|e\u001b", inner.ToString().ReplaceLineEndings("|"));
    }
}
