using System.Diagnostics;

namespace VariationalSparseCoding.Cli.Tests;

public class CommandLineTests
{
    private static readonly string[] Commands = ["train", "resume", "evaluate", "encode", "decode", "report", "methods", "data", "doctor"];

    [Fact]
    public async Task Help_names_every_command()
    {
        string help = (await Vsc.Run("--help")).Succeeded().Output;
        foreach (string command in Commands) Assert.Contains($"  {command} ", help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train", "--method --fidelity --images --data --patch-size --train-patches --validation-patches --atoms --samples --selection --epochs --batch-size --seed --threads --precision --device --raw --set --output")]
    [InlineData("resume", "<run>")]
    [InlineData("evaluate", "<run> --json --samples")]
    [InlineData("encode", "<run> <input> --output --codes --samples --stride --seed")]
    [InlineData("decode", "<run> <codes> --output")]
    [InlineData("report", "<runs> --output")]
    [InlineData("methods", "")]
    [InlineData("data", "olshausen natural-images")]
    [InlineData("doctor", "")]
    public async Task Help_of_a_command_names_its_options(string command, string words)
    {
        string help = (await Vsc.Run(command, "--help")).Succeeded().Output;
        foreach (string word in TinyData.Words(words)) Assert.Contains(word, help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_is_a_number() => Assert.Matches(@"^\d+\.\d+\.\d+", (await Vsc.Run("--version")).Succeeded().Output);

    [Theory]
    [InlineData("trian", "unknown command 'trian'; did you mean 'train'?", "vsc --help")]
    [InlineData("data olshuasen", "unknown command 'olshuasen'; did you mean 'olshausen'?", "vsc data --help")]
    [InlineData("train --epoch 3", "unknown option '--epoch'; did you mean '--epochs'?", "vsc train --help")]
    [InlineData("train --epoch=3", "unknown option '--epoch'; did you mean '--epochs'?", "vsc train --help")]
    [InlineData("train --epochs 3 --outptu run", "unknown option '--outptu'; did you mean '--output'?", "vsc train --help")]
    [InlineData("evaluate run --jsn", "unknown option '--jsn'; did you mean '--json'?", "vsc evaluate --help")]
    [InlineData("evaluate --jsn run", "unknown option '--jsn'; did you mean '--json'?", "vsc evaluate --help")]
    [InlineData("methods --hepl", "unknown option '--hepl'; did you mean '--help'?", "vsc methods --help")]
    [InlineData("bench codes run --jsn", "unknown option '--jsn'; did you mean '--json'?", "vsc bench codes --help")]
    public async Task A_typo_is_named_with_the_nearest_word(string words, string problem, string help)
    {
        var outcome = await Vsc.Run(TinyData.Words(words));
        Assert.Equal(ExitCode.BadInput, outcome.Code);
        Assert.Equal($"vsc: {problem}\nvsc: see '{help}'\n", outcome.Error);
        Assert.Equal("", outcome.Output);
    }

    [Theory]
    [InlineData("")]
    [InlineData("evaluate")]
    [InlineData("resume")]
    [InlineData("report")]
    [InlineData("encode run")]
    [InlineData("encode run input")]
    [InlineData("decode run codes.npy")]
    [InlineData("evaluate run other")]
    [InlineData("evaluate run --samples many")]
    [InlineData("encode run input -o codes.npy --seed -1")]
    [InlineData("train --epochs")]
    public async Task A_command_line_that_cannot_be_run_points_to_the_help(string words)
    {
        var outcome = await Vsc.Run(TinyData.Words(words));
        Assert.Equal(ExitCode.BadInput, outcome.Code);
        Assert.Contains("--help'", outcome.Error, StringComparison.Ordinal);
        Assert.All(outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("vsc: ", line, StringComparison.Ordinal));
    }

    [LinuxFact]
    public async Task Help_is_quick_and_loads_no_tensor_library()
    {
        using var scratch = new ScratchFolder();
        var fastest = TimeSpan.MaxValue;
        for (int attempt = 0; attempt < 3; attempt++)
        {
            var watch = Stopwatch.StartNew();
            (await Vsc.Start(scratch.Path, ["--help"]).Finish()).Succeeded();
            fastest = TimeSpan.FromTicks(Math.Min(fastest.Ticks, watch.Elapsed.Ticks));
        }
        // 0.1 s on a quiet machine; loading libtorch alone takes longer than this bound.
        Assert.InRange(fastest.TotalSeconds, 0, 1);

        (await Vsc.Start(scratch.Path, ["--help"], ("LD_DEBUG", "files"), ("LD_DEBUG_OUTPUT", scratch.File("loaded"))).Finish()).Succeeded();
        string loaded = string.Concat(Directory.GetFiles(scratch.Path, "loaded*").Select(File.ReadAllText));
        Assert.Contains("libcoreclr", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("torch", loaded, StringComparison.OrdinalIgnoreCase);
    }
}
