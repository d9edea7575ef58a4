namespace VariationalSparseCoding.Cli.Tests;

[Trait("Category", "Slow")]
public class HelpTests
{
    [Fact]
    public Task The_page_of_commands_is_what_they_print() => HelpPage.RequireUpToDate("commands.md", """
        # The commands of vsc

        Written by a test from the program's own help. `vsc-full` has these commands too, and [more](commands-full.md).

        """, "", "train", "resume", "evaluate", "encode", "decode", "explain", "report", "import", "export", "methods", "data", "data olshausen", "data natural-images", "data fashion-mnist", "data celeba", "doctor");
}
