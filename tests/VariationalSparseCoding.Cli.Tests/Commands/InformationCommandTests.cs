using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Cli.Tests.Commands;

/// <summary>methods, data and doctor.</summary>
public class InformationCommandTests
{
    [Fact]
    public async Task Methods_lists_the_whole_table_the_default_and_the_presets()
    {
        string[] lines = (await Vsc.Run("methods")).Succeeded().Output.Split('\n');
        foreach (var method in MethodTable.All)
            Assert.Contains(lines, line => line.StartsWith($"  {method.Name} ", StringComparison.Ordinal) && line.Contains(method.PaperRow, StringComparison.Ordinal)
                && line.Contains("(default)", StringComparison.Ordinal) == (method == MethodTable.Default));
        foreach (var preset in Presets.All) Assert.Contains(lines, line => line.StartsWith($"  {preset.Name} ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Data_lists_the_data_sets()
    {
        string output = (await Vsc.Run("data")).Succeeded().Output;
        Assert.Contains("natural-images", output, StringComparison.Ordinal);
        Assert.Contains("olshausen", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_natural_images_exports_the_images_with_their_attribution()
    {
        using var scratch = new ScratchFolder();
        string folder = scratch.File("images");
        (await Vsc.Run("data", "natural-images", "--output", folder)).Succeeded();
        Assert.Equal(10, Directory.GetFiles(folder, "*.png").Length);
        Assert.True(new FileInfo(Path.Combine(folder, "ATTRIBUTION.md")).Length > 0);
        Assert.Equal(11, Directory.GetFileSystemEntries(folder).Length);
    }

    [Fact]
    public async Task Data_natural_images_refuses_a_place_below_a_file()
    {
        using var scratch = new ScratchFolder();
        string file = scratch.Write("file", [1]);
        (await Vsc.Run("data", "natural-images", "-o", file)).Refused(file);
    }

    [Fact]
    public async Task Data_olshausen_tells_what_to_do_without_a_network()
    {
        using var scratch = new ScratchFolder();
        // A proxy at a port where nobody listens stands for a cut cable.
        var outcome = await Vsc.Start(scratch.Path, ["data", "olshausen"], ("http_proxy", "http://127.0.0.1:9"), ("HTTP_PROXY", "http://127.0.0.1:9"), ("no_proxy", ""), ("NO_PROXY", "")).Finish();
        outcome.Refused("IMAGES.mat", "the download failed", "data.source");
        Assert.Empty(Directory.GetFileSystemEntries(scratch.Path));
    }

    [Fact]
    public async Task Data_fashion_mnist_names_the_file_that_is_not_the_official_one()
    {
        using var scratch = new ScratchFolder();
        string file = scratch.Write("train-images-idx3-ubyte", [0, 0, 8, 1, 0, 0, 0, 1, 7]);
        (await Vsc.Run("data", "fashion-mnist", "--root", scratch.Path)).Refused(file, "f4a8712d7a061bf5bd6d2ca38dc4d50a");
    }

    [Fact]
    public async Task Doctor_does_not_mind_the_global_json_of_another_project()
    {
        using var scratch = new ScratchFolder();
        File.WriteAllText(scratch.File("global.json"), """{ "sdk": { "version": "99.0.100", "rollForward": "disable" } }""");
        string output = (await Vsc.Start(scratch.Path, ["doctor"]).Finish()).Output;
        Assert.Matches(@"(?m)^ok    SDK +\d+\.\d+", output);
    }

    [Fact]
    public async Task Doctor_says_of_every_check_whether_it_passed_and_what_to_do()
    {
        var outcome = await Vsc.Run("doctor");
        string[] lines = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] names = ["SDK", "runtime", "threads", "SIMD width", "image library", "memory", "disk"];
        foreach (string name in names) Assert.Contains(lines, line => line[6..].StartsWith(name, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("ok    image library", StringComparison.Ordinal));
        int failed = lines.Count(line => line.StartsWith("FAIL", StringComparison.Ordinal));
        Assert.Equal(failed, lines.Count(line => line.Contains("->", StringComparison.Ordinal)));
        Assert.Equal(failed == 0 ? ExitCode.Done : ExitCode.Failed, outcome.Code);
    }
}
