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
    public async Task Data_celeba_makes_the_resized_images_and_counts_what_is_left_out()
    {
        using var scratch = new ScratchFolder();
        Directory.CreateDirectory(scratch.File("img_align_celeba"));
        for (int i = 0; i < 4; i++) TinyData.WriteImage(scratch.File($"img_align_celeba/{i}.png"), 218, 178, i);
        scratch.Write("img_align_celeba/4.png", [1, 2, 3]);
        scratch.Write("list_eval_partition.txt", "0.png 0\n1.png 2\n2.png 0\n3.png 1\n4.png 0\n"u8.ToArray());
        scratch.Write("list_attr_celeba.txt", "5\nBald Bangs\n0.png 1 -1\n1.png 1 -1\n2.png 1 -1\n3.png 1 -1\n4.png 1 -1\n"u8.ToArray());
        string[] arguments = ["data", "celeba", "--root", scratch.Path, "--image-size", "64"];
        Task<Outcome> Start(params string[] words) => Vsc.Start(scratch.Path, words, ("XDG_CACHE_HOME", scratch.File("cache"))).Finish();
        (await Start(arguments)).Refused("4.png", "skipBadImages");
        string output = (await Start([.. arguments, "--skip-bad-images"])).Succeeded().Output;
        Assert.Contains("2 training and 1 test images with 2 attributes; 1 damaged left out", output, StringComparison.Ordinal);
        Assert.Contains(Assert.Single(Directory.GetFiles(scratch.File("cache/vsc"))), output, StringComparison.Ordinal);

        string advised = output[(output.IndexOf("'vsc ", StringComparison.Ordinal) + "'vsc ".Length)..output.LastIndexOf('\'')];
        string[] shortly = ["--epochs", "1", "--train-images", "2", "--validation-images", "1", "--batch-size", "2", "--samples", "1", "--atoms", "3", "--threads", "1", "--output", "run"];
        (await Start([.. TinyData.Words(advised), .. shortly])).Succeeded();
    }

    [Fact]
    public async Task Doctor_says_of_every_check_whether_it_passed_and_what_to_do()
    {
        var outcome = await Vsc.Run("doctor");
        string[] lines = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] names = ["SDK", "runtime", "C++ runtime", "native library", "threads", "SIMD width", "bfloat16", "device", "memory", "disk"];
        foreach (string name in names) Assert.Contains(lines, line => line[6..].StartsWith(name, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("ok    native library", StringComparison.Ordinal));
        int failed = lines.Count(line => line.StartsWith("FAIL", StringComparison.Ordinal));
        Assert.Equal(failed, lines.Count(line => line.Contains("->", StringComparison.Ordinal)));
        Assert.Equal(failed == 0 ? ExitCode.Done : ExitCode.Failed, outcome.Code);
    }
}
