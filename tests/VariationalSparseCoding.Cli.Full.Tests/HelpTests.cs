namespace VariationalSparseCoding.Cli.Full.Tests;

[Trait("Category", "Slow")]
public class HelpTests
{
    [Fact]
    public Task The_page_of_the_full_programs_commands_is_what_they_print() => HelpPage.RequireUpToDate("commands-full.md", """
        # The commands that only vsc-full has

        Written by a test from the program's own help. The others are on the page of [vsc](commands.md).

        """, "", "data minilm", "data wordnet", "collect", "reproduce", "reproduce report", "synthetic", "bench", "bench step", "bench deep-step", "bench map", "bench codes", "bench robustness", "bench features");
}
