namespace VariationalSparseCoding.Cli.Tests.Commands;

[Collection(TrainedRunTests.Name)]
[Trait("Category", "Slow")]
public class ReportCommandTests(TrainedRun trained)
{
    [Fact]
    public async Task The_report_of_a_run_is_written_again()
    {
        using var scratch = new ScratchFolder();
        string run = TrainedRun.Copy(trained.Run, scratch, "run"), page = Path.Combine(run, "report.html");
        File.Delete(page);
        File.Delete(Path.Combine(run, "dictionary.png"));
        Assert.Equal(page + "\n", (await Vsc.Run("report", run)).Succeeded().Output);
        string html = File.ReadAllText(page);
        foreach (string part in new[] { "Thresholded Laplacian", "all-zero code", "FISTA on the same dictionary", "data:image/png;base64," }) Assert.Contains(part, html, StringComparison.Ordinal);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(Path.Combine(run, "dictionary.png"))[..4]);
        Assert.Empty(TrainedRun.TemporaryFiles(run));
    }

    [Fact]
    public async Task Several_runs_stand_on_one_page()
    {
        using var scratch = new ScratchFolder();
        string first = TrainedRun.Copy(trained.Run, scratch, "first-run"), second = TrainedRun.Copy(trained.Run, scratch, "second-run"), page = scratch.File("pages/comparison.html");
        (await Vsc.Run("report", first, second, "--output", page)).Succeeded();
        string html = File.ReadAllText(page);
        Assert.Contains("first-run", html, StringComparison.Ordinal);
        Assert.Contains("second-run", html, StringComparison.Ordinal);
    }

    /// <summary>What -o names is replaced, as by every command; the page that has its name from the program replaces its like only.</summary>
    [Fact]
    public async Task A_page_that_nobody_has_named_replaces_no_other()
    {
        using var scratch = new ScratchFolder();
        string page = scratch.File("report.html"), named = scratch.File("named.html");
        File.WriteAllText(page, "<html><title>mine</title></html>");
        File.Copy(page, named);
        (await Vsc.Start(scratch.Path, ["report", trained.Run, trained.Run]).Finish()).Refused("report.html: is there already with other content");
        Assert.Contains("mine", File.ReadAllText(page), StringComparison.Ordinal);
        (await Vsc.Run("report", trained.Run, trained.Run, "-o", named)).Succeeded();
        File.Move(named, page, overwrite: true);
        (await Vsc.Start(scratch.Path, ["report", trained.Run, trained.Run]).Finish()).Succeeded();
    }

    [Theory]
    [InlineData("")]
    [InlineData("no table at all\nreally")]
    [InlineData("epoch,step,train.loss\n1,6")]
    [InlineData("epoch,step,train.loss\n1\n")]
    [InlineData("epoch,step,train.loss\n,6,1\n")]
    [InlineData("epoch,step,train.loss\n1,6,low\n")]
    [InlineData("epoch,step,train.loss\n1,6,1,1\n")]
    public async Task A_damaged_table_of_metrics_is_named_or_read_as_far_as_it_goes(string table)
    {
        using var scratch = new ScratchFolder();
        string run = TrainedRun.Copy(trained.Run, scratch, "run"), metrics = Path.Combine(run, "metrics.csv");
        File.WriteAllText(metrics, table);
        var outcome = await Vsc.Run("report", run);
        if (outcome.Code != ExitCode.Done) outcome.Refused(metrics, "is damaged", "delete the file");
        File.Delete(metrics);
        (await Vsc.Run("report", run)).Succeeded();
    }

    [Fact]
    public async Task A_place_where_nothing_can_be_written_is_refused()
    {
        string page = Path.Combine(trained.Matrix, "report.html");
        (await Vsc.Run("report", trained.Run, "-o", page)).Refused(page, "cannot be written");
        (await Vsc.Run("report", trained.Run, trained.Run, "-o", page)).Refused(page, "cannot be written");
    }
}
