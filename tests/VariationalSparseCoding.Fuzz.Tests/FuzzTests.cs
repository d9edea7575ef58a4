using System.Globalization;

namespace VariationalSparseCoding.Fuzz.Tests;

/// <summary>
/// Damaged files of every kind that is read: each is read, or refused with <see cref="InvalidInputException"/>, within ten seconds of the processor's time, and without more memory than ten times
/// its size where neither compression, text nor a picture's pixels justify it. <c>VSC_FUZZ_SECONDS=3600 dotnet test -c Release tests/VariationalSparseCoding.Fuzz.Tests --logger "console;verbosity=detailed"</c>
/// goes on for an hour and says how many inputs it had; VSC_FUZZ_INPUTS stops after a number of inputs; VSC_FUZZ_SEED chooses other damages. Inputs that fail are kept and their
/// paths printed; VSC_FUZZ_INPUT reads one of them again. Each is written before it is read: if the process itself ends, the last one is in the newest folder vsc-fuzz-* of the temporary folder.
/// </summary>
[Trait("Category", "Slow")]
public sealed class FuzzTests
{
    private const double DefaultSeconds = 4;

    [Fact]
    public void Damaged_files_are_read_or_refused()
    {
        using var scratch = new ScratchFolder();
        var run = new FuzzRun([.. new Readers(scratch).All()], (ulong)(Number("VSC_FUZZ_SEED") ?? 1));
        if (Environment.GetEnvironmentVariable("VSC_FUZZ_INPUT") is { Length: > 0 } kept)
        {
            run.Replay(kept);
            return;
        }
        run.Go(Number("VSC_FUZZ_SECONDS") ?? DefaultSeconds, (long)(Number("VSC_FUZZ_INPUTS") ?? long.MaxValue));
        TestContext.Current.TestOutputHelper?.WriteLine(run.Report);
        Assert.True(run.Failures.Count == 0, run.Report);
        Assert.True(run.HaveAllBeenTried, run.Report);
    }

    private static double? Number(string variable) =>
        double.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;
}
