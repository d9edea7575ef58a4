using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reproduction.Document;
using VariationalSparseCoding.Reproduction.Paper;

namespace VariationalSparseCoding.Reproduction.Tests.Document;

/// <summary>Which runs the paper's tables and figures need.</summary>
public class ReproductionPlanTests
{
    private static readonly string Files = Path.Combine(AppContext.BaseDirectory, "experiments");

    public static TheoryData<string> Schedules => [.. ReproductionSchedule.All.Select(schedule => schedule.Name)];

    [Theory]
    [InlineData("compact", "compact")]
    [InlineData("paper", "table1")]
    public void The_rows_of_Table_1_are_the_files_of_experiments(string schedule, string folder)
    {
        var runs = Plan(schedule, [747], "table1");
        Assert.Equal(Directory.EnumerateFiles(Path.Combine(Files, folder)).Select(file => Path.GetFileNameWithoutExtension(file)!).Order(), runs.Select(run => run.Variant.Name).Order());
        foreach (var run in runs)
        {
            string file = Path.Combine(Files, folder, run.Variant.Name + ".json");
            var described = ExperimentJson.Resolve(file, ExperimentJson.ReadObject(file)) with { Seed = 747 };
            Assert.Equal(Settings(described), Settings(run.Experiment));
            Assert.Equal(run.Variant.Name + "-s747", run.Name);
        }

        static IEnumerable<(string, string)> Settings(Experiment experiment) => ExperimentJson.Settings(experiment with { Description = "" });
    }

    [Theory]
    [InlineData("table1", 3 * (2 * 7 + 1))]
    [InlineData("table6", 3 * 8)]
    [InlineData("table2", 3 * 8)]
    [InlineData("figure3", 6)]
    [InlineData("figure4", 3 * 10)]
    [InlineData("figure5", 3 * 4)]
    [InlineData("figure9", 3 * 14)]
    [InlineData("figures10-17", 15)]
    [InlineData("figure18", 3)]
    [InlineData("all", 3 * (15 + 6 + 3) + 1)]
    public void Each_target_needs_its_runs_and_shares_them_with_others(string target, int runs)
    {
        var plan = Plan("compact", ReproductionPlan.Seeds, target);
        Assert.Equal(runs, plan.Count);
        Assert.Equal(plan.Count, plan.Select(run => run.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Every_planned_run_is_valid(string schedule) =>
        Assert.All(Plan(schedule, [0], "all"), run => Assert.Empty(run.Experiment.Validate()));

    [Fact]
    public void The_further_runs_are_what_their_names_say()
    {
        var runs = Plan("compact", [0], "table2", "figure5", "figure18").ToDictionary(run => run.Variant.Name, run => run.Experiment);
        Assert.All(runs.Values, experiment => Assert.Equal("thresholded-laplacian", experiment.Method));
        foreach (int samples in new[] { 1, 20 })
        {
            Assert.Equal((GradientEstimator.StraightThrough, ShiftGradient.OnePlusActive), Estimator($"thresholded-laplacian-j{samples}"));
            Assert.Equal((GradientEstimator.StraightThrough, ShiftGradient.One), Estimator($"thresholded-laplacian-straight-through-corrected-j{samples}"));
            Assert.Equal(SubgradientScale.SquaredScale, runs[$"thresholded-laplacian-subgradient-published-j{samples}"].Posterior.SubgradientScale);
            Assert.Equal(SubgradientScale.Scale, runs[$"thresholded-laplacian-subgradient-corrected-j{samples}"].Posterior.SubgradientScale);
            Assert.All(new[] { "published", "corrected" }, which => Assert.Equal(GradientEstimator.Subgradient, runs[$"thresholded-laplacian-subgradient-{which}-j{samples}"].Posterior.Estimator));
        }
        Assert.Equal((DrawSelection.Average, 20), Sampling("thresholded-laplacian-average-j20"));
        Assert.Equal((DrawSelection.Average, 100), Sampling("thresholded-laplacian-average-j100"));
        Assert.Equal((DrawSelection.Iwae, 100), Sampling("thresholded-laplacian-iwae-j100"));
        Assert.Equal((DrawSelection.Max, 100), Sampling("thresholded-laplacian-j100"));

        (GradientEstimator, ShiftGradient) Estimator(string name) => (runs[name].Posterior.Estimator, runs[name].Posterior.ShiftGradient);
        (DrawSelection, int) Sampling(string name) => (runs[name].Sampling.Selection, runs[name].Sampling.Draws);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void Every_published_number_belongs_to_a_row()
    {
        var names = RunVariants.All.Select(variant => variant.Name).ToHashSet();
        Assert.All(PublishedResults.Table1.Keys.Concat(PublishedResults.Table2.Keys).Concat(PublishedResults.Table6Deviations.Keys).Concat(PublishedResults.AuthorsCodeCompact.Keys), name => Assert.Contains(name, names));
        Assert.Equal(names.Count, RunVariants.All.Count);
        Assert.All(PaperClaims.All.SelectMany(claim => claim.Comparisons), comparison => Assert.True(names.Contains(comparison.Left) && (comparison.Right is null || names.Contains(comparison.Right)), comparison.ToString()));
    }

    [Fact]
    public void Unknown_names_are_refused_with_the_nearest()
    {
        Assert.Contains("'table1'", Assert.Throws<InvalidInputException>(() => ReproductionPlan.Find(["tabel1"])).Message, StringComparison.Ordinal);
        Assert.Contains("'compact'", Assert.Throws<InvalidInputException>(() => ReproductionSchedule.Find("compct")).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<PlannedRun> Plan(string schedule, IReadOnlyList<ulong> seeds, params string[] targets) =>
        ReproductionPlan.Runs(ReproductionPlan.Find(targets), ReproductionSchedule.Find(schedule), seeds, "natural-images");
}
