using VariationalSparseCoding.Onnx.Collecting;

namespace VariationalSparseCoding.Onnx.Tests.Collecting;

public sealed class TextFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Write(string name, string content)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    [Theory]
    [InlineData("one\ntwo\n", "0 one|1 two")]
    [InlineData("one\r\n\r\n two", "0 one|2  two")]
    [InlineData("\"a\", b\ttab\rlast", "0 \"a\", b\ttab|1 last")]
    public void Each_line_is_a_text(string content, string expected) =>
        Assert.Equal(expected, string.Join('|', new TextFile(Write("x.txt", content)).Read().Select(text => $"{text.Index} {text.Text}")));

    [Theory]
    [InlineData("x.csv", "text,label\none,1\n\"two, \"\"or\"\" more\",2", "one 1|two, \"or\" more 2")]
    [InlineData("x.csv", "id,label,text\r\n7,1,\"a\nb\"\r\n8,2,c\r\n", "a\nb 1|c 2")]
    [InlineData("x.TSV", "text\tlabel\na \"b\" c\t1\n\"q\"\t2\n", "a \"b\" c 1|q 2")]
    [InlineData("x.csv", "text,label\n\none,1\n\n", "one 1")]
    public void Columns_of_a_table_are_found_by_name(string name, string content, string expected) =>
        Assert.Equal(expected, string.Join('|', new TextFile(Write(name, content), "text", "label").Read().Select(text => $"{text.Text} {text.Label}")));

    [Theory]
    [InlineData("x.csv", "text,label\none\n", "row 1 below the header has 1 fields")]
    [InlineData("x.csv", "text,label\n\"one,1\n2,3\n", "begins in line 2")]
    [InlineData("x.tsv", "text\tlabel\n\"one\" two\t1\n", "in line 2 a field goes on behind its closing quotation mark")]
    [InlineData("x.csv", "texts,label\none,1\n", "no column 'text'; did you mean 'texts'?")]
    [InlineData("x.txt", "text,label\n", "end in .csv or .tsv")]
    public void A_damaged_table_is_refused_with_its_place(string name, string content, string part)
    {
        string path = Write(name, content);
        string message = Assert.Throws<InvalidInputException>(() => new TextFile(path, "text", "label").Read().Count()).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quotation_mark_that_is_never_closed_takes_no_memory()
    {
        string endless = new('a', 3 << 20);
        Assert.Contains("begins in line 2", Assert.Throws<InvalidInputException>(() => new TextFile(Write("x.csv", "text\n\"" + endless), "text").Read().Count()).Message, StringComparison.Ordinal);
        Assert.Contains("line 1 has more than", Assert.Throws<InvalidInputException>(() => new TextFile(Write("x.txt", endless)).Read().Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_vocabulary_is_refused()
    {
        string path = Write("vocab.txt", "one\ntwo\n");
        Assert.Contains("no vocabulary", Assert.Throws<InvalidInputException>(() => WordPiece.Open(path, isCased: false)).Message, StringComparison.Ordinal);
    }
}
