using System.CommandLine;
using VariationalSparseCoding.Commands.Parsing;

namespace VariationalSparseCoding.Cli.Tests.Faults;

/// <summary>Rules that hold for all options and arguments of all commands. The traits are the numbers of faults in docs/limits.md.</summary>
public class EveryOptionTests
{
    private static readonly string[] PathNames = ["PATH", "FILE", "FOLDER", "RUN"];

    [Fact, Trait("Fault", "B7")]
    public async Task An_empty_path_is_refused_in_one_line()
    {
        var wrong = new List<string>();
        foreach (var (words, command, symbol) in CommandTree.Symbols.Where(entry => entry.Symbol is INamesPath))
            foreach (string empty in new[] { "", " " })
            {
                string[] line = CommandTree.Line(words, command, symbol, empty);
                var outcome = await Vsc.Soon(line);
                string[] errors = outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
                if (outcome.Code != ExitCode.BadInput || errors.Length != 1 || !errors[0].Contains(symbol.Name, StringComparison.Ordinal)) wrong.Add($"{string.Join(' ', line)}: exit code {outcome.Code}: {outcome.Error}");
            }
        Assert.Empty(wrong);
    }

    [Fact]
    public void What_names_a_path_is_known_as_such()
    {
        foreach (var (words, _, symbol) in CommandTree.Symbols)
        {
            bool namesPath = symbol is Option option ? PathNames.Contains(option.HelpName) : symbol.Name is not ("targets" or "features");
            Assert.True(namesPath == symbol is INamesPath, $"{string.Join(' ', words)} {symbol.Name}");
            if (symbol.Name == "--output") Assert.True(symbol is OutputOption, $"{string.Join(' ', words)} {symbol.Name}");
        }
    }

    /// <summary>Only --set, whose values may hold commas, is repeated without being a list.</summary>
    [Fact]
    public void Lists_are_written_alike()
    {
        foreach (var (words, command, symbol) in CommandTree.Symbols.Where(entry => entry.Symbol is Option { Name: not "--set" } option && (option.Arity.MaximumNumberOfValues > 1 || option.Description!.Contains("comma", StringComparison.Ordinal))))
        {
            var list = Assert.IsType<ListOption>(symbol);
            string[] before = CommandTree.Line(words, command, list, "a");
            string[][] alike = [[.. before[..^1], "a,b"], [.. before[..^1], "a, b"], [.. before, list.Name, "b"], [.. before[..^2], $"{list.Name}=a,b"]];
            foreach (string[] line in alike) Assert.Equal(["a", "b"], list.Values(command.Parse(line[words.Length..])));
            foreach (string wrong in new[] { "a,", ",a", "a,,b", "" }) Assert.Contains(list.Name, Assert.Throws<InvalidInputException>(() => list.Values(command.Parse([.. before[words.Length..^1], wrong]))).Message, StringComparison.Ordinal);
        }
    }
}
