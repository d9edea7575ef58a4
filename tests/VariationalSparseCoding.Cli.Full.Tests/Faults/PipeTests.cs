using System.CommandLine;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Onnx.Tests;

namespace VariationalSparseCoding.Cli.Full.Tests.Faults;

/// <summary>A pipe in place of any file that any command reads ends the command at once, where a read would wait for ever.</summary>
[Collection(TrainedRunTests.Name)]
[Trait("Category", "Slow")]
public sealed class PipeTests(TrainedRun trained) : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    /// <summary>Command lines, in which @ is the scratch folder, and the file that is a pipe.</summary>
    private static readonly (string Line, string Pipe)[] Readers =
    [
        ("train --data @x.npy --output @new", "x.npy"),
        ("train --images @x.png --output @new", "x.png"),
        ("train --images @x.mat --output @new", "x.mat"),
        ("train --images @images --output @new", "images/x.png"),
        ("train --images @images --image-size 28 --train-images 2 --validation-images 1 --batch-size 2 --output @new", "images/x.png"),
        ("train --data fashion-mnist --data-root @fashion --output @new", "fashion/train-images-idx3-ubyte"),
        ("train --data fashion-mnist --data-root @fashion --output @new", "fashion/t10k-labels-idx1-ubyte"),
        ("train --data celeba --data-root @faces --output @new", "faces/list_attr_celeba.txt"),
        ("train --data celeba --data-root @faces --output @new", "faces/list_eval_partition.txt"),
        ("train @x.json --output @new", "x.json"),
        ("data celeba --root @faces", "faces/img_align_celeba.zip"),
        ("data celeba --root @faces", "faces/list_attr_celeba.txt"),
        ("data fashion-mnist --root @fashion", "fashion/train-images-idx3-ubyte"),
        ("data wordnet --root @wordnet -o @glosses.tsv", "wordnet/data.adj"),
        ("collect @x.onnx --tensor hidden --input @matrix.npy -o @new", "x.onnx"),
        ("collect @x.onnx --list", "x.onnx"),
        ("collect @network.onnx --tensor hidden --input @x.npy -o @new", "x.npy"),
        ("collect @network.onnx --tensor hidden --images @images --image-size 8 -o @new", "images/x.png"),
        ("collect @network.onnx --tensor hidden --text @x.txt --vocabulary @vocab.txt -o @new", "x.txt"),
        ("collect @network.onnx --tensor hidden --text @vocab.txt --vocabulary @x.txt -o @new", "x.txt"),
        ("resume @run", "run/experiment.json"),
        ("resume @run", "run/checkpoint/*"),
        ("resume @run", "run/metrics.csv"),
        ("evaluate @run", "run/experiment.json"),
        ("evaluate @run", "run/checkpoint/*"),
        ("evaluate @run --compare @other", "other/experiment.json"),
        ("encode @run @x.npy -o @codes.npz", "x.npy"),
        ("encode @run training-samples -o @codes.npz", "run/checkpoint/*"),
        ("decode @run @x.npy -o @decoded.npy", "x.npy"),
        ("decode @run @x.npz -o @decoded.npy", "x.npz"),
        ("explain @run 1", "run/checkpoint/*"),
        ("explain @run 1 --store @x.npy", "x.npy"),
        ("explain @run 1 --labels @x.txt", "x.txt"),
        ("report @run", "run/metrics.csv"),
        ("report @run", "run/checkpoint/*"),
        ("evaluate @run --data @x.npy", "x.npy"),
        ("report @run --data @x.npy", "x.npy"),
        ("import @x.npy -o @new", "x.npy"),
        ("import @x.pt -o @new", "x.pt"),
        ("import @sparse -o @new", "sparse/params.npz"),
        ("export @run -o @exported", "run/checkpoint/*"),
        ("bench activations --data @x.npy -o @out", "x.npy"),
        ("bench codes @run --rounds 1", "run/checkpoint/*"),
        ("bench defaults @run", "run/experiment.json"),
        ("bench map --dictionary @x.npy --patches @matrix.npy", "x.npy"),
        ("bench map --dictionary @matrix.npy --patches @x.npy", "x.npy"),
        ("reproduce figure18 --schedule smoke --images @x.png --output @out", "x.png"),
        ("reproduce figure18 --schedule smoke --data @x.npy --output @out", "x.npy"),
        ("reproduce figure6 --schedule smoke --feature-network @x.onnx --output @out", "x.onnx"),
        ("reproduce figure7-fashion-mnist --schedule smoke --data-root @fashion --output @out", "fashion/train-images-idx3-ubyte"),
        ("reproduce report --results @results --runs @runs --output @page.md", "results/x.json"),
    ];

    public static TheoryData<string, string> Cases => [.. Readers];

    [Theory, Trait("Fault", "B3")]
    [MemberData(nameof(Cases))]
    public async Task A_pipe_is_refused_at_once(string line, string pipe)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs the pipes of Linux");
        Lay();
        string[] pipes = pipe.EndsWith("/*", StringComparison.Ordinal) ? Directory.GetFiles(scratch.File(pipe[..^2])) : [scratch.File(pipe)];
        foreach (string path in pipes) Pipes.Make(path);
        var outcome = await Vsc.Soon([.. TinyData.Words(line).Select(word => word.Replace("@", scratch.Path + "/", StringComparison.Ordinal))]);
        Assert.True(outcome.Code == ExitCode.BadInput, $"exit code {outcome.Code}: {outcome.Error}");
        string[] lines = outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, said => Assert.StartsWith($"{Vsc.Name}: ", said, StringComparison.Ordinal));
        Assert.Contains(lines, said => said.Contains(Path.GetFileName(pipes[0]), StringComparison.Ordinal));
    }

    [Fact, Trait("Fault", "B3"), Trait("Fault", "B4")]
    public async Task A_device_among_images_is_refused_before_it_fills_the_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs the devices of Linux");
        const long most = 500L << 20;
        Lay();
        File.CreateSymbolicLink(scratch.File("images/zero.png"), "/dev/zero");
        (await Vsc.Start(scratch.Path, SharedCacheTests.Words(scratch.File("images"), "new"), ("XDG_CACHE_HOME", scratch.File("cache"))).FinishWithin(most)).Refused("zero.png");
    }

    [Fact, Trait("Fault", "B3")]
    public async Task A_name_that_begins_with_an_at_sign_is_a_name()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs the pipes of Linux");
        string words = Pipes.Make(scratch.File("words"));
        (await Vsc.Soon("evaluate", "@" + words)).Refused($"@{words}: no such folder");
    }

    [Fact]
    public void No_option_that_names_what_is_read_is_left_out()
    {
        var root = Tool.Commands().Root;
        var tried = Readers.Select(reader => root.Parse(TinyData.Words(reader.Line.Replace("@", "x/", StringComparison.Ordinal))).CommandResult)
            .SelectMany(result => result.Children.Where(child => child.Tokens.Count > 0).Select(child => (result.Command, child switch
            {
                System.CommandLine.Parsing.OptionResult option => (Symbol)option.Option,
                System.CommandLine.Parsing.ArgumentResult argument => argument.Argument,
                _ => null,
            }))).Select(pair => $"{Path(pair.Command)} {pair.Item2?.Name}").ToHashSet();
        foreach (var (words, _, symbol) in CommandTree.Symbols.Where(entry => entry.Symbol is INamesPath and not OutputOption)) Assert.Contains($"{string.Join(' ', words)} {symbol.Name}", tried);

        static string Path(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent && parent.Parents.Any() ? $"{Path(parent)} {command.Name}" : command.Name;
    }

    /// <summary>Puts one valid file of every kind into the scratch folder, so that the pipe is all that is wrong.</summary>
    private void Lay()
    {
        foreach (string folder in new[] { "images", "fashion", "faces", "results", "runs", "wordnet", "sparse" }) Directory.CreateDirectory(scratch.File(folder));
        foreach (string run in new[] { "run", "other" }) TrainedRun.Copy(trained.Run, scratch, run);
        File.Copy(trained.Matrix, scratch.File("matrix.npy"));
        foreach (string name in new[] { "a", "b" }) TinyData.WriteImage(scratch.File($"images/{name}.png"), 40, 40);
        Faces.Write(scratch.File("faces"));
        foreach (string part in new[] { "noun", "verb", "adv" }) File.WriteAllText(scratch.File($"wordnet/data.{part}"), "00001740 00 a 01 able 0 000 | a gloss\n");
        TinyEncoder.WriteVocabulary(scratch.File("vocab.txt"));
        new OnnxModel().Input("image", 0, 1, 0, 0).Node("Neg", "image", "hidden").Output("hidden", 0, 1, 0, 0).Write(scratch.File("network.onnx"));
        foreach (string part in new[] { "train", "t10k" })
        {
            scratch.Write($"fashion/{part}-images-idx3-ubyte", IdxWriter.File([4, 28, 28], new byte[4 * 28 * 28]));
            scratch.Write($"fashion/{part}-labels-idx1-ubyte", IdxWriter.File([4], new byte[4]));
        }
    }
}
