
namespace VariationalSparseCoding.Cli.Tests;

public class CommandLineTests
{
    private static readonly string[] Commands = ["train", "resume", "evaluate", "encode", "decode", "report", "import", "export", "methods", "data", "doctor"];

    /// <summary>Version 0.1's program brought SkiaSharp's libraries for every platform and the tensor library: 777 MB.</summary>
    [LinuxFact, Trait("Fault", "E5")]
    public void The_program_brings_the_native_libraries_of_its_platform_only()
    {
        const long most = 120L << 20;
        var folder = new FileInfo(Vsc.Program).Directory!;
        Assert.All(folder.GetDirectories("runtimes/*"), platform => Assert.StartsWith("linux", platform.Name, StringComparison.Ordinal));
        Assert.InRange(folder.GetFiles("*", SearchOption.AllDirectories).Sum(file => ((FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file).Length), 1, most);
    }

    [Fact]
    public async Task Help_names_every_command()
    {
        string help = (await Vsc.Run("--help")).Succeeded().Output;
        foreach (string command in Commands) Assert.Contains($"  {command} ", help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train", "--method --fidelity --images --data --patch-size --train-patches --validation-patches --atoms --draws --selection --epochs --batch-size --seed --threads --precision --device --raw --set --output")]
    [InlineData("resume", "<run>")]
    [InlineData("evaluate", "<run> --json --draws --compare --data --tensor --rows")]
    [InlineData("encode", "<run> <input> --output --codes --draws --stride --seed")]
    [InlineData("decode", "<run> <codes> --output")]
    [InlineData("report", "<runs> --output --data --tensor --rows")]
    [InlineData("import", "<path> --output --format --lambda")]
    [InlineData("export", "<run> --output --format")]
    [InlineData("methods", "")]
    [InlineData("data", "olshausen natural-images")]
    [InlineData("doctor", "")]
    public async Task Help_of_a_command_names_its_options(string command, string words)
    {
        string help = (await Vsc.Run(command, "--help")).Succeeded().Output;
        foreach (string word in TinyData.Words(words)) Assert.Contains(word, help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reproduce", "reproduce")]
    [InlineData("bench codes run --json", "bench")]
    [InlineData("synthetic --help", "synthetic")]
    [InlineData("collect model.onnx --list", "collect")]
    [InlineData("data minilm -o folder", "data minilm")]
    [InlineData("data wordnet", "data wordnet")]
    public async Task A_command_of_the_full_program_is_pointed_to(string words, string command) =>
        (await Vsc.Run(TinyData.Words(words))).Refused($"'{command}' is a command of vsc-full: install VariationalSparseCoding.Tool.Full");

    [Theory]
    [InlineData("--data fashion-mnist")]
    [InlineData("--images folder --image-size 28")]
    public async Task A_run_that_needs_the_tensor_library_is_refused_before_anything_is_written(string words)
    {
        using var scratch = new ScratchFolder();
        TinyData.WriteImage(Path.Combine(Directory.CreateDirectory(scratch.File("folder")).FullName, "a.png"), 40, 40);
        (await Vsc.Run(["train", .. TinyData.Words(words).Select(word => word == "folder" ? scratch.File(word) : word), "--train-images", "4", "--validation-images", "2", "--batch-size", "2", "--output", scratch.File("run")]))
            .Refused("the generator 'convolutional' needs the tensor library", "vsc-full", "VariationalSparseCoding.Tool.Full");
        Assert.False(Path.Exists(scratch.File("run")));
    }

    [Theory]
    [InlineData("train --output", "--output")]
    [InlineData("train --data", "--data")]
    [InlineData("train --images", "--images")]
    [InlineData("train --data-root", "--data-root")]
    [InlineData("train", "experiment")]
    [InlineData("resume", "run")]
    [InlineData("evaluate", "run")]
    [InlineData("encode run --output x.npy", "input")]
    [InlineData("encode run x.npy --output", "--output")]
    [InlineData("decode run --output x.npy", "codes")]
    [InlineData("report run", "runs")]
    [InlineData("report run --output", "--output")]
    [InlineData("data olshausen --output", "--output")]
    [InlineData("data fashion-mnist --root", "--root")]
    [InlineData("data celeba --root", "--root")]
    public async Task An_empty_path_is_named_in_one_line(string words, string name)
    {
        foreach (string empty in new[] { "", " " }) (await Vsc.Run([.. TinyData.Words(words), empty])).Refused($"{name}: the path is empty");
    }

    [Fact]
    public async Task The_former_name_of_draws_works_and_says_so()
    {
        var outcome = await Vsc.Run("evaluate", "nowhere", "--samples", "3");
        Assert.StartsWith("vsc: --samples is the former name of --draws\nvsc: nowhere: no such folder", outcome.Error, StringComparison.Ordinal);
        foreach (string command in new[] { "train", "evaluate", "encode" })
            Assert.Contains("(--samples: its former name)", string.Join(' ', TinyData.Words((await Vsc.Run(command, "--help")).Succeeded().Output.ReplaceLineEndings(" "))), StringComparison.Ordinal);
    }

    [Fact, Trait("Fault", "D5")]
    public async Task Text_of_files_cannot_drive_the_terminal()
    {
        using var scratch = new ScratchFolder();
        string file = scratch.File("experiment.json");
        File.WriteAllText(file, """{ "data": { "source": "a\u001b[31mb" } }""");
        var outcome = await Vsc.Run("train", file, "--output", scratch.File("run"));
        Assert.Contains("a?[31mb", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', outcome.Output + outcome.Error);
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
    [InlineData("evaluate run --draws many")]
    [InlineData("encode run input -o codes.npy --seed -1")]
    [InlineData("train --epochs")]
    public async Task A_command_line_that_cannot_be_run_points_to_the_help(string words)
    {
        var outcome = await Vsc.Run(TinyData.Words(words));
        Assert.Equal(ExitCode.BadInput, outcome.Code);
        Assert.Contains("--help'", outcome.Error, StringComparison.Ordinal);
        Assert.All(outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("vsc: ", line, StringComparison.Ordinal));
    }

    [Trait("Category", "Slow")]
    [LinuxFact]
    public async Task Help_loads_no_tensor_library()
    {
        using var scratch = new ScratchFolder();
        (await Vsc.Start(scratch.Path, ["--help"], ("LD_DEBUG", "files"), ("LD_DEBUG_OUTPUT", scratch.File("loaded"))).Finish()).Succeeded();
        string loaded = string.Concat(Directory.GetFiles(scratch.Path, "loaded*").Select(File.ReadAllText));
        Assert.Contains("libcoreclr", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("torch", loaded, StringComparison.OrdinalIgnoreCase);
    }
}
