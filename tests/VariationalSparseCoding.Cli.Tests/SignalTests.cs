namespace VariationalSparseCoding.Cli.Tests;

/// <summary>
/// A signal at any moment ends any command within two seconds. VSC_SIGNALS=20 sends twenty times as many; the table of lines must have every command of the program's help.
/// </summary>
[Trait("Category", "Slow")]
public sealed class SignalTests(Signals signals) : IClassFixture<Signals>
{
    /// <summary>Command lines, and whether they go on for minutes.</summary>
    public static TheoryData<string, bool> Lines => new()
    {
        { "train --threads 1", true },
        { "train --data LARGE --method fista --epochs 100000 --threads 1", true },
        // Nearly all of the time is that of the validation.
        { "train --data LARGE --train-patches 100 --set data.validationSamples=29000 --epochs 100000 --draws 500 --threads 1", true },
        // The images are decoded first.
        { "train --images IMAGES --patch-size 8 --epochs 100000 --threads 1", true },
        { "resume COPY --epochs 100000", true },
        { "evaluate RUN --draws 10000", true },
        { "encode RUN LARGE --codes best --draws 10000 -o codes.npy", true },
        // Nearly all of the time is that of the writing.
        { "encode RUN LARGE -o codes.npz", false },
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
        { "doctor", false },
    };

    [Fact]
    public Task Every_command_of_the_help_is_in_the_table() => Signals.RequireEveryCommand([.. Lines.Select(line => line.Data.Item1)]);

    [Theory, Trait("Fault", "B2")]
    [MemberData(nameof(Lines))]
    public Task Every_command_ends_within_two_seconds_of_a_signal(string line, bool isEndless)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs the signals of Linux");
        return signals.End(line, isEndless);
    }
}
