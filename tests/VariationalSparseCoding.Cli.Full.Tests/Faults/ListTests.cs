namespace VariationalSparseCoding.Cli.Full.Tests.Faults;

/// <summary>Lists that a person gives.</summary>
[Collection(TrainedRunTests.Name)]
public class ListTests(TrainedRun trained)
{
    [Trait("Category", "Slow")]
    [Theory, Trait("Fault", "D8")]
    [InlineData("synthetic --set easy --epochs 1", "--methods", "gaussian", "laplacian")]
    [InlineData("bench codes RUN --rounds 1 --json", "--steps", "1", "2")]
    public async Task Commas_and_repetition_say_the_same(string words, string option, string first, string second)
    {
        string[] before = [.. TinyData.Words(words).Select(word => word == "RUN" ? trained.Run : word)];
        string[][] alike = [[.. before, option, $"{first},{second}"], [.. before, option, first, option, second]];
        string[] names = [.. (await Task.WhenAll(alike.Select(line => Vsc.Run(line)))).Select(outcome => outcome.Succeeded().Output)];
        foreach (string output in names)
            foreach (string value in new[] { first, second }) Assert.Contains(value, output, StringComparison.Ordinal);
        Assert.Equal(names[0].Split('\n').Length, names[1].Split('\n').Length);
    }

    [Fact]
    public async Task Targets_are_joined_by_commas_or_spaces()
    {
        foreach (string[] targets in new string[][] { ["table1,tabel2"], ["table1", "tabel2"] }) (await Vsc.Run(["reproduce", .. targets])).Refused("'tabel2'");
    }
}
