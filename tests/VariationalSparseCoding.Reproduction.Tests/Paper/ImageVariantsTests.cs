using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reproduction.Document;
using VariationalSparseCoding.Reproduction.Paper;

namespace VariationalSparseCoding.Reproduction.Tests.Paper;

public class ImageVariantsTests
{
    [Fact]
    public void Every_published_number_belongs_to_a_variant_and_every_variant_of_the_sweeps_has_one()
    {
        Assert.Equal(ImageVariants.All.Count, ImageVariants.All.DistinctBy(variant => variant.Name).Count());
        Assert.Equal(ImageVariants.DataSets.SelectMany(ImageVariants.Sweep).Select(variant => variant.Name).Order(), PublishedImageResults.All.Keys.Order());
        var published = PublishedImageResults.All["fashion-mnist-thresholded-gaussian-d64"];
        Assert.Equal((38.7, 296.7), (published.MultiInformation, published.TransposedFrechet));
        Assert.Equal(0.02422, published.SquaredError, 1e-9);
        Assert.Equal(0.01586, PublishedImageResults.All["celeba-thresholded-gaussian-d512-a50"].SquaredError, 1e-9);
    }

    [Fact]
    public void Every_variant_is_valid_at_every_schedule()
    {
        foreach (var schedule in ReproductionSchedule.All)
            foreach (var variant in ImageVariants.All) Assert.Empty(schedule.Apply(variant.Experiment).Validate());
    }

    [Theory]
    [InlineData("thresholded-gaussian", 0.05, 0.6198)]
    [InlineData("thresholded-gaussian", 0.10, 0.5201)]
    [InlineData("thresholded-gaussian", 0.20, 0.4053)]
    [InlineData("thresholded-gaussian-gamma", 0.50, 0.2133)]
    [InlineData("thresholded-laplacian", 0.05, 0.2996)]
    [InlineData("thresholded-laplacian", 0.10, 0.2303)]
    [InlineData("thresholded-laplacian-gamma", 0.20, 0.1609)]
    [InlineData("thresholded-laplacian", 0.50, 0.0693)]
    public void Thresholds_are_the_quantiles_of_the_prior(string method, double fraction, double threshold)
    {
        var experiment = Presets.FashionMnist.Resolve(method, Fidelity.Published);
        Assert.Equal(threshold, ImageVariants.WithActiveFraction(experiment, fraction).Posterior.ThresholdValue, 5e-5);
    }

    [Fact]
    public void The_compact_schedule_ends_warm_ups_within_its_first_tenth()
    {
        var schedule = ReproductionSchedule.Compact.Apply(RunVariants.Find("fashion-mnist-spike-and-slab-d64").Experiment);
        Assert.Equal(1, schedule.Schedule.WarmUp.At(120), 1e-9);
        Assert.True(schedule.Schedule.WarmUp.At(119) < 1);
        Assert.Equal((128, 12_800, 12), (schedule.Schedule.BatchSize, schedule.Data.TrainSamples, schedule.Schedule.Epochs));
    }

    [Theory]
    [InlineData("figure7-fashion-mnist", 39)]
    [InlineData("figure7-celeba", 39)]
    [InlineData("figure6-fashion-mnist", 2)]
    [InlineData("figure8-fashion-mnist", 3)]
    [InlineData("figure19-fashion-mnist", 8)]
    [InlineData("figure6", 2)]
    [InlineData("figure8", 3)]
    [InlineData("figures19-23", 16)]
    public void Targets_of_images_are_asked_for_by_name_and_have_their_runs(string target, int runs)
    {
        Assert.DoesNotContain(ReproductionPlan.Find(["all"]), found => found.Name == target);
        var planned = ReproductionPlan.Runs(ReproductionPlan.Find([target]), ReproductionSchedule.Paper, [3], "natural-images", "/data", skipBadImages: true);
        Assert.Equal(runs, planned.Count);
        Assert.All(planned, run => Assert.Equal(("/data", 3UL, GeneratorKind.Convolutional), (run.Experiment.Data.Root, run.Experiment.Seed, run.Experiment.Generator.Kind)));
        Assert.All(planned, run => Assert.Equal(target.Contains("fashion", StringComparison.Ordinal) ? DataOptions.FashionMnist : DataOptions.CelebA, run.Experiment.Data.Source));
        Assert.All(planned, run => Assert.Equal(run.Experiment.Data.Source == DataOptions.CelebA, run.Experiment.Data.SkipBadImages));
        Assert.All(planned, run => Assert.Empty(run.Experiment.Validate()));
    }

    [Fact]
    public void Claims_are_about_variants_that_exist()
    {
        var names = ImageVariants.All.Select(variant => variant.Name).ToHashSet();
        foreach (string data in ImageVariants.DataSets)
            foreach (var comparison in ImageClaims.Of(data).SelectMany(claim => claim.Comparisons))
            {
                Assert.Contains(comparison.Left, names);
                Assert.Contains(comparison.Right!, names);
            }
    }
}
