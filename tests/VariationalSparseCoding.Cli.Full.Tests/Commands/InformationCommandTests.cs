namespace VariationalSparseCoding.Cli.Full.Tests.Commands;

/// <summary>What data and doctor do beyond the smaller program.</summary>
[Trait("Category", "Slow")]
public class InformationCommandTests
{
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
        (await Start(arguments)).Refused("4.png", "--skip-bad-images");
        string output = (await Start([.. arguments, "--skip-bad-images"])).Succeeded().Output;
        Assert.Contains("2 training and 1 test images with 2 attributes; skipped 1 damaged", output, StringComparison.Ordinal);
        Assert.Contains(Assert.Single(Directory.GetFiles(scratch.File("cache/vsc"))), output, StringComparison.Ordinal);

        string advised = output[(output.IndexOf("'vsc-full ", StringComparison.Ordinal) + "'vsc-full ".Length)..output.LastIndexOf('\'')];
        string[] shortly = ["--epochs", "1", "--train-images", "2", "--validation-images", "1", "--batch-size", "2", "--draws", "1", "--atoms", "3", "--threads", "1", "--output", "run"];
        (await Start([.. TinyData.Words(advised), .. shortly])).Succeeded();
    }

    [Fact]
    public async Task Doctor_checks_the_tensor_library_too()
    {
        string[] lines = (await Vsc.Run("doctor")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (string name in new[] { "runtime", "C++ runtime", "tensor library", "bfloat16", "device" }) Assert.Contains(lines, line => line[6..].StartsWith(name, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("ok    tensor library", StringComparison.Ordinal));
    }
}
