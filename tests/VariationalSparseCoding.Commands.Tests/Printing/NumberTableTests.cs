using VariationalSparseCoding.Commands.Printing;

namespace VariationalSparseCoding.Commands.Tests.Printing;

public class NumberTableTests
{
    private static string[] Print(int columns)
    {
        var table = new NumberTable("codes", [.. Enumerable.Range(0, columns).Select(column => $"title {column}")]);
        foreach (string row in new[] { "[best] of 20 draws", "zero\u001b" }) table.Add(row, Enumerable.Range(0, columns).Select(column => $"{1234.5 + column:F1}"));
        using var output = new StringWriter();
        table.Print(output);
        return output.ToString().Split('\n');
    }

    [Fact]
    public void A_table_that_fits_has_a_line_for_each_row()
    {
        string[] lines = Print(3);
        string best = Assert.Single(lines, line => line.Contains("[best] of 20 draws", StringComparison.Ordinal));
        foreach (string number in new[] { "1234.5", "1235.5", "1236.5" }) Assert.Contains(number, best, StringComparison.Ordinal);
        Assert.Single(lines, line => line.Contains(@"zero\u001b", StringComparison.Ordinal));
    }

    [Fact]
    public void A_narrow_table_breaks_its_titles_before_its_names()
    {
        string[] titles = ["objective", "with Frobenius term", "½‖x-Az‖²", "‖z‖₁", "active"];
        var table = new NumberTable("codes", titles);
        foreach (string name in new[] { "as trained, best of 20", "MAP code (default)" }) table.Add(name, "-1.234E+05", "1.234E+05", "1234.5", "0.0123", "0.01234");
        using var output = new StringWriter();
        table.Print(output, 80);
        string[] lines = output.ToString().Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        Assert.Single(lines, line => line.Contains("as trained, best of 20", StringComparison.Ordinal) && line.Contains("-1.234E+05", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("with Frobenius", StringComparison.Ordinal));
    }

    [Fact]
    public void A_table_that_is_too_wide_becomes_a_list_with_whole_numbers()
    {
        string[] lines = Print(40);
        Assert.Equal("[best] of 20 draws", lines[0]);
        Assert.Equal("  title 0   1234.5", lines[1]);
        Assert.Equal("  title 39  1273.5", lines[40]);
        Assert.Equal(@"zero\u001b", lines[41]);
        Assert.All(lines, line => Assert.True(line.Length <= Consoles.PlainWidth));
    }
}
