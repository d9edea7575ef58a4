using VariationalSparseCoding.Onnx.Tests;

namespace VariationalSparseCoding.Cli.Full.Tests;

/// <summary>
/// A signal at any moment ends any command within two seconds, also where the tensor library is loaded or computes. VSC_SIGNALS=20 sends twenty times as many;
/// the table of lines must have every command of the program's help.
/// </summary>
[Trait("Category", "Slow")]
public sealed class SignalTests(Signals signals) : IClassFixture<Signals>
{
    /// <summary>Command lines, and whether they go on for minutes.</summary>
    public static TheoryData<string, bool> Lines => new()
    {
        { "train --threads 1", true },
        { "train --data LARGE --set compute.precision=bf16 --epochs 100000 --threads 1", true },
        { "train --images IMAGES --image-size 28 --train-images 100 --validation-images 100 --batch-size 10 --epochs 100000 --threads 1", true },
        { "resume COPY --epochs 100000", true },
        { "evaluate RUN --draws 10000", true },
        { "encode RUN LARGE --codes best --draws 10000 -o codes.npy", true },
        { "decode RUN CODES -o samples.npy", false },
        { "explain RUN --store LARGE --json", false },
        { "report RUN -o report.html", false },
        { "import DICTIONARY -o imported", false },
        { "export RUN -o exported", false },
        { "methods", false },
        { "data", false },
        { "data olshausen", true },
        { "data natural-images -o images", false },
        { "data fashion-mnist --root .", true },
        { "data celeba --root FACES --image-size 64", false },
        { "data minilm -o encoder", true },
        { "data wordnet --root REPOSITORY -o glosses.tsv", false },
        { "doctor", false },
        { "collect NETWORK --tensor hidden --input LARGE --batch-size 1 -o store", false },
        { "reproduce table1 --schedule compact --threads 1", true },
        { "reproduce report --results REPOSITORY/docs/reproduction/results -o reproduction.md", false },
        { "synthetic --epochs 100000", true },
        { "bench", false },
        { "bench step --steps 1000000 --threads 1", true },
        { "bench deep-step --steps 1000000 --threads 1", true },
        { "bench map --dictionary DICTIONARY --patches LARGE --lambda 0.1 --rounds 100000000", true },
        { "bench codes RUN --rounds 1000", true },
        { "bench defaults --epochs 100000", true },
        { "bench robustness", true },
        { "bench features --methods topk", true },
        { "bench activations --data LARGE --atoms 64 --epochs 100000", true },
    };

    [Fact]
    public Task Every_command_of_the_help_is_in_the_table() => Signals.RequireEveryCommand([.. Lines.Select(line => line.Data.Item1)]);

    [Theory, Trait("Fault", "B2")]
    [MemberData(nameof(Lines))]
    public Task Every_command_ends_within_two_seconds_of_a_signal(string line, bool isEndless)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs the signals of Linux");
        signals.Place("NETWORK", "network.onnx", new OnnxModel().Input("x", 0, 32).Node("Neg", "x", "hidden").Node("Neg", "hidden", "y").Output("y", 0, 32).Write);
        return signals.End(line, isEndless);
    }
}
