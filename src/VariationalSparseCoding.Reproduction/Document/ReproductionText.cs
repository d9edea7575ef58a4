using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reproduction.Paper;
using VariationalSparseCoding.Reproduction.Results;
using static System.FormattableString;

namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>What page and document say about a reproduction in words.</summary>
internal static class ReproductionText
{
    /// <summary>What the numbers are, and what they are not.</summary>
    /// <param name="results">The results of one schedule.</param>
    public static IEnumerable<string> Introduction(ResultSet results)
    {
        var schedule = ReproductionSchedule.Find(results.All[0].Schedule);
        yield return $"Schedule '{schedule.Name}': {schedule.Summary}. Fidelity 'published': what the authors' code computes.";
        if (schedule == ReproductionSchedule.Smoke) yield return "These runs last a few steps: the numbers show that everything runs and mean nothing.";
        var ofPatches = new ResultSet(results.All.Where(result => ImagesOf(result) is null));
        if (ofPatches.All.Count > 0)
            foreach (string text in OfPatches(ofPatches)) yield return text;
        foreach (var ofImages in results.All.Where(result => ImagesOf(result) is not null).GroupBy(result => ImagesOf(result)!)) yield return OfImages(ofImages.Key, [.. ofImages]);
    }

    /// <summary>The claims that results are about.</summary>
    /// <param name="results">The results of one schedule.</param>
    public static IEnumerable<Claim> Claims(ResultSet results) =>
    [
        .. results.All.Any(result => ImagesOf(result) is null) ? PaperClaims.All : [],
        .. ImageVariants.DataSets.Where(data => results.All.Any(result => ImagesOf(result) == data)).SelectMany(ImageClaims.Of),
    ];

    /// <summary>The data set of a convolutional generator; null for a run of section 4.1.</summary>
    private static string? ImagesOf(RunResult result) => result.Experiment.Generator.Kind == GeneratorKind.Convolutional ? result.Experiment.Data.Source : null;

    private static string OfImages(string data, IReadOnlyList<RunResult> results)
    {
        var first = results[0].Experiment;
        string title = ImageVariants.TitleOf(data);
        return Invariant($"{title}: {first.Data.TrainSamples:N0} training images and the first {first.Data.ValidationSamples:N0} test images (the published experiments validate on the test split), {first.Schedule.Epochs} epochs of batches of {first.Schedule.BatchSize}, J = {first.Sampling.Draws}, learning rate {first.Schedule.LearningRate}, batch normalisation over {(first.Generator.BatchNorm == BatchNormStatistics.Selected ? "selected samples (the published code: over all)" : "all samples")}; seeds {string.Join(", ", results.Select(result => result.Experiment.Seed).Distinct())}; {results.Count} runs. The published numbers are of all images, 300 epochs of batches of 512 and three seeds.");
    }

    private static IEnumerable<string> OfPatches(ResultSet results)
    {
        string[] sources = [.. results.All.Select(result => result.Experiment.Data.Source).Distinct()];
        yield return sources.Contains(DataOptions.NaturalImages)
            ? "The images are ten photographs that come with this program, whitened as Olshausen & Field whitened theirs. They are not Olshausen & Field's images, which may not be redistributed: no number here is a number on the paper's data. The same command runs on those when the file is there: get it with 'vsc data olshausen', then add '--images IMAGES.mat'."
            : $"The data are {string.Join(", ", sources.Select(Path.GetFileName))}.";
        yield return "Training and validation patches are drawn from the same images and overlap, as in the published experiments.";
        var measurement = results.All[0].Measurement;
        yield return Invariant($"Seeds {string.Join(", ", results.All.Select(result => result.Experiment.Seed).Distinct())}; {results.All.Count} runs. Rows are means over seeds, deviations have divisor n − 1. Signal-to-noise ratios over {measurement.SignalPasses} passes on each of {measurement.SignalBatches} batches (the paper's: 1000 on each of 160), {measurement.ImportanceSamples} draws for importance weighting, {measurement.JaccardPasses} passes for the Jaccard index.");
        yield return "The published J columns evaluate a method with its training's budget: best of 20 for J = 20, one draw for J = 1. Each row therefore also has one draw, the best of 20, the posterior's mean, the all-zero code, and the optimum (FISTA to a relative duality gap of 1e-6) on the same dictionary: on this objective coding nothing is a strong baseline.";
    }

    /// <summary>The versions that made the runs and measured them.</summary>
    /// <param name="results">The results of one schedule.</param>
    public static IEnumerable<string> Versions(ResultSet results) => results.All
        .SelectMany(result => new[] { (Text: result.Experiment.CreatedWith, What: "run by"), (Text: result.MeasuredWith, What: "measured by") })
        .GroupBy(version => version.Text).Select(group => $"{string.Join(" and ", group.Select(version => version.What).Distinct())}: {group.Key}");

    /// <summary>The order in the paper, and with the authors' code on the same images, beside the obtained one.</summary>
    /// <param name="results">The results of one schedule.</param>
    public static IEnumerable<string> OrderOfTable1(ResultSet results)
    {
        string[] rows = [.. MethodTable.OfPaper.Select(method => RunVariants.NameOf(method.Name, RunVariants.One)).Where(row => results.Mean(row, MetricNames.ObjectiveTable1) is { } mean && double.IsFinite(mean))];
        if (rows.Length < 2) yield break;
        string[] obtained = [.. rows.OrderBy(row => results.Mean(row, MetricNames.ObjectiveTable1))];
        yield return $"Methods at J = 1 by validation loss, lowest first: {string.Join(", ", obtained)}.";
        string schedule = results.All[0].Schedule == ReproductionSchedule.Paper.Name ? "other images" : "a shorter schedule (of which the warm-up of spike-and-slab takes a large part) and other images";
        yield return Compare("the paper's Table 1", row => PublishedResults.Table1[row].Objective, $"; what differs is {schedule}");
        if (ReproductionTables.HasAuthorsCode(results))
            yield return Compare("the authors' code on the same images at the same schedule", row => PublishedResults.AuthorsCodeCompact[row].Objective, "");

        string Compare(string with, Func<string, double> number, string reason)
        {
            string[] other = [.. rows.OrderBy(number)];
            return obtained.SequenceEqual(other) ? $"This is the order of {with}." : $"This is not the order of {with}, which is {string.Join(", ", other)}{reason}.";
        }
    }
}
