using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reproduction.Paper;
using VariationalSparseCoding.Reproduction.Results;
using static VariationalSparseCoding.Reproduction.Results.MetricNames;

namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>The tables of a reproduction: obtained numbers beside published ones, and beside the baselines.</summary>
internal static class ReproductionTables
{
    /// <summary>The numbers of a target.</summary>
    /// <param name="target">The target.</param>
    /// <param name="results">The results of one schedule.</param>
    /// <param name="seeds">How many seeds a row should have.</param>
    public static ResultTable Of(ReproductionTarget target, ResultSet results, int seeds)
    {
        var columns = target.Content.Columns(target, results).ToList();
        // A figure of single runs shows the first seed, but its numbers are means like all others.
        return new(target.Title, "run", [.. columns.Select(column => column.Column)],
            [.. target.Variants.Select(variant => new ResultRow(variant, RunVariants.Find(variant).Label, State(results, variant, target.EverySeed ? seeds : 1), [.. columns.Select(column => column.Number(variant))]))],
            [.. Diverged(target, results), .. target.Content.Notes(target, results), .. target.Remarks]);
    }

    /// <summary>Whether results are of the embedded images at the schedule at which the authors' code was run on them.</summary>
    /// <param name="results">The results of one schedule.</param>
    public static bool HasAuthorsCode(ResultSet results) =>
        results.All.Any(result => result.Schedule == ReproductionSchedule.Compact.Name && result.Experiment.Data.Source == DataOptions.NaturalImages);

    private static string? State(ResultSet results, string variant, int seeds)
    {
        var runs = results.Of(variant);
        int diverged = runs.Count(run => run.Divergence is not null);
        return runs.Count == 0 ? "not yet run"
            : diverged > 0 ? $"NaN: {diverged} of {runs.Count} runs ended in NaN"
            : runs.Count < seeds ? $"{runs.Count} of {seeds} seeds" : null;
    }

    /// <summary>Validation losses beside the published ones and those of the authors' code.</summary>
    public static IEnumerable<TargetColumn> Objective(ResultSet results)
    {
        const string Group = "Validation loss: ½‖x − Az‖² + 20‖z‖₁ + 10⁻³‖A‖²";
        yield return new(new("validation_loss", "obtained", Group, 1), Mean(results, ObjectiveTable1));
        yield return new(new("validation_loss_published", "published", Group, 0), variant => Published(variant, row => row.Objective));
        yield return new(new("validation_loss_difference", "difference", Group, 1), variant => results.Mean(variant, ObjectiveTable1) - Published(variant, row => row.Objective));
        yield return new(new("validation_loss_relative_difference", "relative", Group, 1, true), variant => results.Mean(variant, ObjectiveTable1) / Published(variant, row => row.Objective) - 1);
        yield return new(new("objective", "without ‖A‖²", Group, 1), Mean(results, MetricNames.Objective));
        if (!HasAuthorsCode(results)) yield break;
        yield return new(new("objective_authors_code", "authors' code here, without ‖A‖²", Group, 1), variant => Value(PublishedResults.AuthorsCodeCompact, variant, row => row.Objective));
        yield return new(new("objective_relative_difference_authors_code", "relative", Group, 1, true), variant => ComparableObjective(results, variant) / Value(PublishedResults.AuthorsCodeCompact, variant, row => row.Objective) - 1);
    }

    /// <summary>What the authors' code's objective is compared with: its FISTA codes were converged.</summary>
    private static double? ComparableObjective(ResultSet results, string variant) =>
        results.Mean(variant, MetricNames.Objective + (MethodTable.Find(variant)?.IsMapInference == true ? ConvergedFista : ""));

    /// <summary>The validation losses of other codes on the same dictionary.</summary>
    public static IEnumerable<TargetColumn> Codes(ResultSet results)
    {
        const string Group = "Baselines: validation loss of other codes on the same dictionary";
        foreach (var (ending, heading) in new[] { ("", "as trained"), (SingleDraw, "J = 1"), (BestOf20, "best of 20"), (MetricNames.Mean, "posterior mean"), (ZeroCode, "all-zero code"), (ConvergedFista, "converged FISTA") })
            yield return new(new("validation_loss_of_codes" + ending, heading, Group, 1), Mean(results, ObjectiveTable1 + ending));
        yield return new(new("active_fraction", "active, as trained", Group, 1, true), Mean(results, ActiveFraction));
        yield return new(new("active_fraction_fista", "active, converged FISTA", Group, 1, true), Mean(results, ActiveFraction + ConvergedFista));
    }

    /// <summary>Multi-information and total correlation.</summary>
    public static IEnumerable<TargetColumn> Information(ResultSet results)
    {
        const string Group = "Multi-information (bits)";
        yield return new(new("multi_information", "plug-in", Group, 1), Mean(results, MultiInformation));
        yield return new(new("multi_information_published", "published", Group, 1), variant => Published(variant, row => row.MultiInformation));
        yield return new(new("multi_information_difference", "difference", Group, 1), variant => results.Mean(variant, MultiInformation) - Published(variant, row => row.MultiInformation));
        if (HasAuthorsCode(results)) yield return new(new("multi_information_authors_code", "authors' code here", Group, 1), variant => Value(PublishedResults.AuthorsCodeCompact, variant, row => row.MultiInformation));
        yield return new(new("joint_entropy_saturation", "joint entropy / log₂N", Group, 1, true), Mean(results, JointEntropySaturation));
        foreach (var (ending, heading) in new[] { (SingleDraw, "J = 1"), (BestOf20, "best of 20"), (ZeroCode, "all-zero code"), (ConvergedFista, "converged FISTA") })
            yield return new(new("multi_information" + ending, heading, Group, 1), Mean(results, MultiInformation + ending));
        yield return new(new("copula", "Gaussian copula, z", Group, 1), Mean(results, CopulaCodes));
        yield return new(new("copula_magnitudes", "Gaussian copula, |z|", Group, 1), Mean(results, CopulaMagnitudes));
    }

    /// <summary>Importance-weighted numbers.</summary>
    public static IEnumerable<TargetColumn> Importance(ResultSet results)
    {
        const string Group = "IWAE, K = 200";
        yield return new(new("iwae_softmax_loss", "softmax-weighted loss", Group, 3), Mean(results, IwaeSoftmaxLoss));
        yield return new(new("iwae_published", "published", Group, 3), variant => Published(variant, row => row.Iwae));
        yield return new(new("iwae_softmax_difference", "difference", Group, 3), variant => results.Mean(variant, IwaeSoftmaxLoss) - Published(variant, row => row.Iwae));
        yield return new(new("iwae_bound_loss", "bound, as a loss", Group, 3), Mean(results, IwaeBoundLoss));
        yield return new(new("iwae_bound_difference", "difference", Group, 3), variant => results.Mean(variant, IwaeBoundLoss) - Published(variant, row => row.Iwae));
        yield return new(new("iwae_bound_nats", "bound on log p(x), nats", Group, 1), Mean(results, IwaeBound));
    }

    /// <summary>Means and standard deviations over seeds beside the published ones.</summary>
    public static IEnumerable<TargetColumn> Deviations(ResultSet results)
    {
        foreach (var (key, metric, group, decimals, published) in new (string, string, string, int, Func<PublishedRow, double?>)[]
        {
            ("validation_loss", ObjectiveTable1, "Validation loss", 1, row => row.Objective),
            ("multi_information", MultiInformation, "Multi-information (bits)", 1, row => row.MultiInformation),
            ("iwae_softmax_loss", IwaeSoftmaxLoss, "IWAE, K = 200 (softmax-weighted loss)", 3, row => row.Iwae),
        })
        {
            yield return new(new(key, "mean", group, decimals), Mean(results, metric));
            yield return new(new(key + "_deviation", "standard deviation", group, decimals + 1), variant => results.Deviation(variant, metric));
            yield return new(new(key + "_published", "published mean", group, decimals), variant => Value(PublishedResults.Table1, variant, published));
            yield return new(new(key + "_published_deviation", "published standard deviation", group, decimals + 1), variant => Value(PublishedResults.Table6Deviations, variant, published));
            yield return new(new(key + "_difference", "difference of means", group, decimals), variant => results.Mean(variant, metric) - Value(PublishedResults.Table1, variant, published));
        }
    }

    /// <summary>Fractions of collapsed latents and features.</summary>
    public static IEnumerable<TargetColumn> CollapseColumns(ResultSet results)
    {
        const string Group = "Collapse (ε = 10⁻², δ = 5 · 10⁻²)";
        yield return new(new("posterior_collapse", "posterior", Group, 2, true), Mean(results, PosteriorCollapse));
        yield return new(new("posterior_collapse_published", "published", Group, 2, true), variant => Value(PublishedResults.Table2, variant, row => row.Posterior));
        yield return new(new("posterior_collapse_difference", "difference", Group, 2, true), variant => results.Mean(variant, PosteriorCollapse) - Value(PublishedResults.Table2, variant, row => row.Posterior));
        yield return new(new("feature_collapse", "feature", Group, 2, true), Mean(results, FeatureCollapse));
        yield return new(new("feature_collapse_published", "published", Group, 2, true), variant => Value(PublishedResults.Table2, variant, row => row.Feature));
        yield return new(new("feature_collapse_difference", "difference", Group, 2, true), variant => results.Mean(variant, FeatureCollapse) - Value(PublishedResults.Table2, variant, row => row.Feature));
    }

    /// <summary>Signal-to-noise ratios of gradients.</summary>
    public static IEnumerable<TargetColumn> Signals(ResultSet results)
    {
        foreach (var (key, metric, group) in new[] { ("snr_inference_network", SignalNetwork, "SNR of the inference network's gradient"), ("snr_dictionary", SignalDictionary, "SNR of the dictionary's gradient") })
        {
            yield return new(new(key, "mean", group, 4), Mean(results, metric));
            yield return new(new(key + "_deviation", "standard deviation over seeds", group, 4), variant => results.Deviation(variant, metric));
            yield return new(new(key + "_median", "median over parameters", group, 4), Mean(results, metric + Median));
        }
    }

    /// <summary>The consistency of supports.</summary>
    public static IEnumerable<TargetColumn> Consistency(ResultSet results)
    {
        const string Group = "Mean Jaccard index over 20 passes";
        foreach (var (metric, heading) in new[] { (Jaccard, "single draws, eq. (13)"), (JaccardAsTrained, "selected as in training") })
        {
            yield return new(new(metric, heading, Group, 4), Mean(results, metric));
            yield return new(new(metric + Chance, "by chance", Group, 4), Mean(results, metric + Chance));
            yield return new(new(metric + "_deviation", "standard deviation over seeds", Group, 4), variant => results.Deviation(variant, metric));
        }
        yield return new(new("used_atoms", "used atoms", Group, 0), Mean(results, UsedAtoms));
        yield return new(new("near_duplicates", "near-duplicate pairs", Group, 0), Mean(results, NearDuplicates));
    }

    /// <summary>What the atoms look like.</summary>
    public static IEnumerable<TargetColumn> Dictionaries(ResultSet results)
    {
        const string Group = "Dictionary";
        yield return new(new("gabor_fraction", "Gabor-like, of used atoms", Group, 1, true), Mean(results, GaborFraction));
        yield return new(new("gabor_median_residual", "median Gabor residual", Group, 3), Mean(results, GaborResidual));
        yield return new(new("gabor_median_frequency", "median frequency, cycles/pixel", Group, 3), Mean(results, GaborFrequency));
        yield return new(new("used_atoms", "used atoms", Group, 0), Mean(results, UsedAtoms));
        yield return new(new("near_duplicates", "near-duplicate pairs", Group, 0), Mean(results, NearDuplicates));
        yield return new(new("coherence", "coherence", Group, 3), Mean(results, Coherence));
        yield return new(new("median_norm", "median norm", Group, 2), Mean(results, MedianNorm));
    }

    /// <summary>How plug-in estimates and importance-weighted numbers are to be read.</summary>
    public static IEnumerable<string> NotesOnInformation(ResultSet results)
    {
        int count = results.All.Select(result => result.Experiment.Data.ValidationSamples).FirstOrDefault();
        yield return FormattableString.Invariant($"The plug-in multi-information is Σ H(zᵢ) − H(z). With {count:N0} validation samples the joint entropy cannot exceed log₂ {count:N0} = {Math.Log2(Math.Max(count, 1)):F2} bits and, once all codes differ, equals it whatever the codes are: the numbers then measure the marginals and the number of samples, not redundancy. (The paper's 16,000 patches: 13.97 bits.) The Gaussian copula does not saturate, but sees only monotone dependence of pairs.");
        yield return "How Table 1's IWAE column was computed is not known: it is in no published code, and it cannot be the softmax-weighted loss of the same runs with the training's KL weight. Both the softmax-weighted loss and the bound are given; only their order can be compared.";
    }

    /// <summary>How signal-to-noise ratios are to be read.</summary>
    public static IReadOnlyList<string> NotesOnSignals { get; } =
        ["Mean over parameters of |mean| / standard deviation of the gradient over stochastic passes on one batch of validation samples, mean over batches; per batch, not per sample, as in the authors' code. The paper shows bars without numbers."];

    /// <summary>How the consistency of supports is to be read.</summary>
    public static IReadOnlyList<string> NotesOnConsistency { get; } =
        ["The index of eq. (13) over ordered pairs of different passes, on features with ‖a‖² > 0.1; the authors' code computes the distance instead, on other columns and with self pairs. Histograms are averaged over seeds, whose validation samples differ."];

    /// <summary>How numbers about dictionaries are to be read.</summary>
    public static IReadOnlyList<string> NotesOnDictionaries { get; } =
        ["A Gabor-like atom is one of whose energy a Gabor function with at least half a cycle per patch explains more than half; the share is that of used atoms, ‖a‖² > 0.1, and near-duplicates are pairs of them whose cosine exceeds 0.9 in magnitude. The bounds (half the energy, half a cycle, used atoms only) are this program's and were settled after a look at dictionaries of J = 1: without the least frequency, blobs count as wavelets; of all atoms instead of the used ones, FISTA's share falls from .59 to .28, and with a whole cycle thresholded Laplacian's from .44 to .41 (seed 0). A verdict near one half hangs on such choices."];

    /// <summary>The runs of section 4.1 that ended in NaN.</summary>
    private static IEnumerable<string> Diverged(ReproductionTarget target, ResultSet results)
    {
        var failed = target.Images is null ? target.Variants.SelectMany(results.Of).Where(result => result.Divergence is not null).ToList() : [];
        if (failed.Count > 0)
            yield return $"Ended in NaN, and left out of the means of its row: {string.Join("; ", failed.Select(result => FormattableString.Invariant($"{result.Variant}, seed {result.Experiment.Seed} ({result.Divergence!.Split(';')[0]})")))}.";
    }

    private static Func<string, double?> Mean(ResultSet results, string metric) => variant => results.Mean(variant, metric);

    private static double? Published(string variant, Func<PublishedRow, double?> number) => Value(PublishedResults.Table1, variant, number);

    /// <summary>A published number; null where there is none.</summary>
    private static double? Value<TRow>(IReadOnlyDictionary<string, TRow> rows, string variant, Func<TRow, double?> number) =>
        rows.TryGetValue(variant, out var row) ? number(row) : null;
}
