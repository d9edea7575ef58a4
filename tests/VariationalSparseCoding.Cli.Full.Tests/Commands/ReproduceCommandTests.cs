using VariationalSparseCoding.Reproduction.Document;
using VariationalSparseCoding.Reproduction.Measuring;
using VariationalSparseCoding.Reproduction.Paper;
using VariationalSparseCoding.Reproduction.Results;

namespace VariationalSparseCoding.Cli.Full.Tests.Commands;

/// <summary>`vsc reproduce` at the schedule that shows that everything runs.</summary>
[Trait("Category", "Slow")]
public sealed class ReproduceCommandTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    private string Output => scratch.File("out");

    public void Dispose() => scratch.Dispose();

    private string[] Words(params string[] words)
    {
        if (!File.Exists(scratch.File("image.png"))) TinyData.WriteImage(scratch.File("image.png"), 40, 40);
        return ["reproduce", .. words, "--schedule", "smoke", "--seeds", "0", "--images", scratch.File("image.png"), "--snr-passes", "3", "--threads", "1", "--output", Output];
    }

    [Fact]
    public async Task Every_target_is_run_measured_and_written_and_nothing_is_done_twice()
    {
        var first = (await Vsc.Run(Words("all"))).Succeeded();
        Assert.Contains("25 runs at the smoke schedule, 0 of them finished", first.Output, StringComparison.Ordinal);
        var results = RunResult.ReadAll(Path.Combine(Output, "results", "smoke"));
        Assert.Equal(25, results.Count);
        Assert.All(results, result => Assert.True(result.Divergence is not null || double.IsFinite(result[MetricNames.ObjectiveTable1])));
        foreach (string name in new[] { MetricNames.IwaeBound, MetricNames.SignalNetwork, MetricNames.Jaccard, MetricNames.PosteriorCollapse, MetricNames.GaborFraction, MetricNames.CopulaCodes, MetricNames.ObjectiveTable1 + MetricNames.BestOf20 })
            Assert.True(double.IsFinite(results.Single(result => result.Variant == "thresholded-laplacian-j1")[name]), name);
        foreach (var target in ReproductionPlan.Targets.Where(target => target.Images is null))
            foreach (string ending in target.Name.StartsWith("table", StringComparison.Ordinal) ? [".md", ".csv", ".json"] : new[] { ".md", ".csv", ".json", ".png", ".svg", "-figure.csv" })
                Assert.True(new FileInfo(Path.Combine(Output, target.Name + ending)).Length > 0, target.Name + ending);
        Assert.Contains("Table 1", File.ReadAllText(Path.Combine(Output, "index.html")), StringComparison.Ordinal);
        Assert.Empty(TrainedRun.TemporaryFiles(Output));

        var second = (await Vsc.Run(Words("all"))).Succeeded();
        Assert.Contains("25 of them finished", second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("measured", second.Output, StringComparison.Ordinal);

        // A result that is gone is measured again from the run, and is the same.
        string file = Path.Combine(Output, "results", "smoke", "thresholded-gaussian-j20-s0.json");
        var before = RunResult.Read(file);
        File.Delete(file);
        var third = (await Vsc.Run(Words("table6", "--only-measure"))).Succeeded();
        Assert.Contains("thresholded-gaussian-j20-s0: measured", third.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("epoch", third.Output, StringComparison.Ordinal);
        RequireSame(before, RunResult.Read(file));

        string document = scratch.File("document.md");
        (await Vsc.Run("reproduce", "report", "--results", Path.Combine(Output, "results"), "--runs", Path.Combine(Output, "runs"), "--output", document)).Succeeded();
        Assert.True(File.Exists(scratch.File("document/figure3-smoke.png")));
        Assert.Contains("The numbers show that everything runs", File.ReadAllText(document), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_interrupted_run_continues()
    {
        (await Vsc.Run(Words("figure18"))).Succeeded();
        string run = Path.Combine(Output, "runs", "thresholded-laplacian-j100-s0"), reference = scratch.File("reference"), result = Path.Combine(Output, "results", "smoke", "thresholded-laplacian-j100-s0.json");
        var before = RunResult.Read(result);
        Directory.Move(run, reference);
        File.Delete(result);
        Interrupted.Train(reference, run, atStep: 4);
        var outcome = (await Vsc.Run(Words("figure18"))).Succeeded();
        Assert.Contains("2 of them finished", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("epoch 1 ", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(TrainedRun.FinalCheckpoint(reference), TrainedRun.FinalCheckpoint(run));
        RequireSame(before, RunResult.Read(result));
    }

    [Fact]
    public async Task Runs_of_vsc_train_are_measured_and_runs_of_other_experiments_refused()
    {
        (await Vsc.Run(Words("figure18"))).Succeeded();
        string run = Path.Combine(Output, "runs", "thresholded-laplacian-j100-s0");
        string experiment = Path.Combine(run, "experiment.json"), reference = scratch.File("reference");
        Directory.Move(run, reference);
        Directory.Delete(Path.Combine(Output, "results"), recursive: true);
        (await Vsc.Run("train", Path.Combine(reference, "experiment.json"), "--output", run)).Succeeded();
        Assert.Contains("j100-s0: measured", (await Vsc.Run(Words("figure18", "--only-measure"))).Succeeded().Output, StringComparison.Ordinal);

        File.WriteAllText(experiment, File.ReadAllText(experiment).Replace("\"klWeight\": 0.01", "\"klWeight\": 0.02", StringComparison.Ordinal));
        Directory.Delete(Path.Combine(Output, "results"), recursive: true);
        (await Vsc.Run(Words("figure18"))).Refused(run, "objective.klWeight = 0.02", "0.01", "--output");
    }

    [Fact]
    public void A_run_that_ends_in_NaN_is_recorded_and_shown_as_such()
    {
        TinyData.WriteImage(scratch.File("image.png"), 40, 40);
        var targets = ReproductionPlan.Find(["table2"]);
        var folder = new ReproductionFolder(Output, ReproductionSchedule.Smoke);
        var planned = ReproductionPlan.Runs(targets, ReproductionSchedule.Smoke, [0], scratch.File("image.png"))[0];
        var exploding = planned with { Experiment = planned.Experiment with { Schedule = planned.Experiment.Schedule with { LearningRate = 1e6 } } };
        using var output = new StringWriter();
        var result = Assert.Single(Run());
        Assert.Contains("became NaN", result.Divergence, StringComparison.Ordinal);
        Assert.Contains("NaN", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(RunStage.Finished, folder.StageOf(exploding, new()));
        ReproductionReport.Write(folder, targets, Run(), [0]);
        Assert.Contains("| NaN | NaN |", File.ReadAllText(Path.Combine(Output, "table2.md")), StringComparison.Ordinal);

        IReadOnlyList<RunResult> Run() => new ReproductionRunner(folder, new(), 1, null, output).Run([exploding], CancellationToken.None);
    }

    private static void RequireSame(RunResult expected, RunResult actual)
    {
        Assert.Equal(expected with { Metrics = actual.Metrics, Histograms = actual.Histograms }, actual);
        Assert.Equal(expected.Metrics.Keys, actual.Metrics.Keys);
        // Eigenvalues may differ in the last bits.
        Assert.All(expected.Metrics, metric => Assert.Equal(metric.Value, actual[metric.Key], 1e-9));
        Assert.All(expected.Histograms, histogram => Assert.Equal(histogram.Value, actual.Histograms[histogram.Key]));
    }

    [Theory]
    [InlineData("tabel1", "'table1'")]
    [InlineData("table1 --schedule compat", "'compact'")]
    [InlineData("table1 --seeds 0,x", "'x'")]
    [InlineData("table1 --seeds 1,1", "twice")]
    [InlineData("table1 --threads -1", "--threads -1")]
    [InlineData("table1 --snr-passes 1", "SNR passes")]
    [InlineData("table1 --images a --data b", "--images and --data")]
    [InlineData("report --results nowhere", "nowhere")]
    [InlineData("report --output page.html", "page.html")]
    [InlineData("", "table1")]
    public async Task Mistakes_are_named(string words, string part) =>
        (await Vsc.Run(["reproduce", .. TinyData.Words(words), .. words.StartsWith("report", StringComparison.Ordinal) ? Array.Empty<string>() : ["--output", Output]])).Refused(part);
}
