namespace VariationalSparseCoding.Reproduction.Tests;

public class CsvTests
{
    [Fact]
    public void Cells_that_would_break_the_line_are_quoted() =>
        Assert.Equal("run 1,\"a, b\",\"says \"\"yes\"\"\",\"two\nlines\",", Csv.Line("run 1", "a, b", "says \"yes\"", "two\nlines", ""));

    [Fact]
    public void A_file_ends_with_a_line_break_and_a_missing_number_is_empty() =>
        Assert.Equal("name,value\none,0.333333\nother,\n", Csv.File("name,value", [Csv.Line("one", Csv.Number(1 / 3.0)), Csv.Line("other", Csv.Number(null))]));
}
