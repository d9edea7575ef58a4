using VariationalSparseCoding.Experiments;
using static VariationalSparseCoding.Reproduction.Results.MetricNames;

namespace VariationalSparseCoding.Reproduction.Paper;

/// <summary>The claims of the paper's section 4.1, its captions and its Table 2, as comparisons of numbers.</summary>
internal static class PaperClaims
{
    private const string Studied = RunVariants.Studied;
    private const double Target = 0.1, Tolerance = 0.03, Most = 0.5;

    // Of the index of independent supports whose features are equally active: that they are not explains a few percent.
    private const double BeyondChance = 1.05;

    private static readonly int[] Budgets = [RunVariants.One, RunVariants.Many];
    private static readonly string[] Variational = [.. MethodTable.OfPaper.Where(method => !method.IsMapInference).Select(method => method.Name)];
    private static readonly string[] Thresholded = [.. MethodTable.OfPaper.Where(method => method.Threshold != ThresholdKind.None).Select(method => method.Name)];
    private static readonly string[] Sparse = ["spike-and-slab", .. Thresholded];
    private static readonly string[] Figure3 = ["spike-and-slab", "thresholded-gaussian", Studied];
    private static readonly string[] OtherThanStudied = ["gaussian", "laplacian", "spike-and-slab", "thresholded-gaussian"];
    private static readonly string[] NotThresholded = ["gaussian", "laplacian", "spike-and-slab"];
    private static readonly string[] SparsePriors = ["laplacian", .. Sparse];

    /// <summary>The claims, in the order of the paper.</summary>
    public static IReadOnlyList<Claim> All { get; } = [.. Activity(), .. Dictionaries(), .. Objectives(), .. Codes(), .. Signals(), .. Consistency(), .. Collapse()];

    private static IEnumerable<Claim> Activity()
    {
        yield return new("4.1.1", "In all experiments the sparsity is set such that roughly 10% of the features are non-zero.", "active fraction between 7% and 13%: fista, spike-and-slab and the thresholded methods, J = 1 and 20",
            [NearTarget("fista"), .. Rows(Sparse).Select(NearTarget)]);
    }

    private static IEnumerable<Claim> Dictionaries()
    {
        yield return new("4.1.1", "FISTA learns dictionary entries that resemble Gabor wavelets.", "a Gabor function with at least half a cycle per patch explains more than half of the energy of more than half of the used atoms (‖a‖² > 0.1)", [IsWaveletLike("fista")]);
        yield return new("4.1.1", "The Laplacian prior learns a few entries that resemble wavelets, most resemble noise (J = 20).", "the same for some, but less than half of the atoms", [Comparison.Within("laplacian-j20", GaborFraction, double.Epsilon, Most)]);
        yield return new("Fig. 3", "Spike-and-slab, Thresholded Gaussian and Thresholded Laplacian learn dictionaries with most entries resembling FISTA's (J = 20).", "the same for more than half of the atoms of each",
            [.. Figure3.Select(method => IsWaveletLike(Row(method, RunVariants.Many)))]);
        yield return new("4.1.1", "Only the Thresholded Laplacian is capable of learning this structure with J = 1.", "the same for more than half of its atoms, and for less than half of those of gaussian, laplacian, spike-and-slab and thresholded-gaussian",
            [IsWaveletLike(Row(Studied, RunVariants.One)), .. OtherThanStudied.Select(method => Comparison.Within(Row(method, RunVariants.One), GaborFraction, 0, Most))]);
    }

    private static IEnumerable<Claim> Objectives()
    {
        yield return new("4.1.1", "The Laplacian prior with a fixed threshold performs best among variational methods on objective (10).", "lowest validation loss at J = 1 and at J = 20", LeastOfAll(Studied, ObjectiveTable1));
        yield return new("4.1.1", "Methods that learn the threshold increase the number of active features and with it the L1 penalty.", "higher active fraction and ‖z‖₁ with Gamma thresholds than with fixed ones, J = 1 and 20",
            [.. from method in new[] { "thresholded-gaussian", Studied } from draws in Budgets from metric in new[] { ActiveFraction, L1 } select Comparison.Less(Row(method, draws), Row(method + "-gamma", draws), metric)]);
        yield return new("4.1.1", "Spike-and-slab performs worse on the sparse coding objective (than the thresholded methods).", "higher validation loss than each of them, J = 1 and 20",
            [.. from method in Thresholded from draws in Budgets select Comparison.Less(Row(method, draws), Row("spike-and-slab", draws), ObjectiveTable1)]);
        yield return new("not in the paper", "The variational codes are better than coding nothing at all.", "validation loss below that of the all-zero code, every method, J = 1 and 20",
            [.. Rows(Variational).Select(row => Comparison.Less(row, row, ObjectiveTable1) with { RightMetric = ObjectiveTable1 + ZeroCode })]);
    }

    private static IEnumerable<Claim> Codes()
    {
        yield return new("4.1.1", "Spike-and-slab minimises the IWAE loss with K = 200.", "lowest softmax-weighted loss (as in the authors' code) at J = 1 and 20", LeastOfAll("spike-and-slab", IwaeSoftmaxLoss));
        yield return new("4.1.1", "The same, by the bound of Burda et al.", "lowest negative bound at J = 1 and 20", LeastOfAll("spike-and-slab", IwaeBoundLoss));
        yield return new("4.1.1", "Among variational methods, the Thresholded Gaussian minimises the multi-information.", "lowest plug-in estimate at J = 1 and 20", LeastOfAll("thresholded-gaussian", MultiInformation));
        yield return new("4.1.1", "The same, by an estimator that does not saturate.", "lowest Gaussian-copula total correlation at J = 1 and 20", LeastOfAll("thresholded-gaussian", CopulaCodes));
    }

    private static IEnumerable<Claim> Signals()
    {
        yield return new("4.1.1", "Spike-and-slab suffers from a low SNR at J = 1, with a significant increase at J = 20.", "lowest of all methods at J = 1, and higher at J = 20, for inference network and dictionary",
            [.. from metric in new[] { SignalNetwork, SignalDictionary } from comparison in Lowest(metric) select comparison]);
        yield return new("Fig. 4", "Thresholded methods have the best SNR of the inference network's gradient.", "each thresholded method above gaussian, laplacian and spike-and-slab at the same J", BestSignal(SignalNetwork));
        yield return new("Fig. 4", "Thresholded methods have the best SNR of the generator's gradient.", "each thresholded method above gaussian, laplacian and spike-and-slab at the same J", BestSignal(SignalDictionary));
        yield return new("Fig. 4", "All sparse priors have a higher SNR with J = 20 draws.", "higher at J = 20 than at J = 1 for laplacian, spike-and-slab and thresholded methods, inference network and dictionary",
            [.. from metric in new[] { SignalNetwork, SignalDictionary } from method in SparsePriors select Comparison.Less(Row(method, RunVariants.One), Row(method, RunVariants.Many), metric)]);

        static IEnumerable<Comparison> Lowest(string metric) =>
        [
            .. Variational.Where(method => method != "spike-and-slab").Select(method => Comparison.Less("spike-and-slab-j1", Row(method, RunVariants.One), metric)),
            Comparison.Less("spike-and-slab-j1", "spike-and-slab-j20", metric),
        ];

        static IReadOnlyList<Comparison> BestSignal(string metric) =>
            [.. from draws in Budgets from method in Thresholded from other in NotThresholded select Comparison.Less(Row(other, draws), Row(method, draws), metric)];
    }

    private static IEnumerable<Claim> Consistency()
    {
        (string Average, string Max)[] pairs = [($"{Studied}-average-j20", $"{Studied}-j20"), ($"{Studied}-average-j100", $"{Studied}-j100")];
        yield return new("4.1.2", "Max ELBO sampling leads to more consistent supports than average sampling.",
            "mean Jaccard index (eq. 13, single draws) at J = 20 and 100, divided by that of independent supports of the same activity: above 1.05 under max sampling, and higher than under average sampling", MoreConsistent(Jaccard));
        yield return new("4.1.2", "The same, with passes that select as in training.", "the same of passes as trained", MoreConsistent(JaccardAsTrained));
        yield return new("4.1.2", "Both samplings result in 10% of features non-zero on average.", "active fraction between 7% and 13%", [.. pairs.SelectMany(pair => new[] { NearTarget(pair.Average), NearTarget(pair.Max) })]);
        yield return new("4.1.2, Fig. 18", "Average and IWAE sampling learn repetitive features; max sampling learns a larger dictionary of diverse features.", "at J = 100 fewer near-duplicates and more used atoms under max sampling than under either",
            [.. new[] { $"{Studied}-average-j100", $"{Studied}-iwae-j100" }.SelectMany(other => new[] { Comparison.Less($"{Studied}-j100", other, NearDuplicates), Comparison.Less(other, $"{Studied}-j100", UsedAtoms) })]);

        IReadOnlyList<Comparison> MoreConsistent(string index) => [.. pairs.SelectMany(pair => new[]
        {
            Comparison.Within(pair.Max, index + OverChance, BeyondChance) with { IsAboutChance = true },
            Comparison.Less(pair.Average, pair.Max, index + OverChance) with { IsAboutChance = true },
        })];
    }

    private static IEnumerable<Claim> Collapse()
    {
        foreach (string estimator in new[] { "published", "corrected" })
            yield return new("Table 2", $"The subgradient estimator fails or collapses (the {estimator} one).", "NaN, or posterior and feature collapse of more than 95%, J = 1 and 20",
                [.. from draws in Budgets from metric in new[] { PosteriorCollapse, FeatureCollapse } select Comparison.Within($"{Studied}-subgradient-{estimator}-j{draws}", metric, 0.95) with { HoldsForNaN = true }]);
        yield return new("Table 2", "The straight-through estimator does not collapse.", "posterior collapse below 10% and feature collapse below 1%, J = 1 and 20",
            [.. Budgets.SelectMany(draws => new[] { Comparison.Within(Row(Studied, draws), PosteriorCollapse, 0, 0.1), Comparison.Within(Row(Studied, draws), FeatureCollapse, 0, 0.01) })]);
    }

    private static IReadOnlyList<Comparison> LeastOfAll(string method, string metric) =>
        [.. from draws in Budgets from other in Variational where other != method select Comparison.Less(Row(method, draws), Row(other, draws), metric)];

    private static IEnumerable<string> Rows(IEnumerable<string> methods) => from method in methods from draws in Budgets select Row(method, draws);

    private static string Row(string method, int draws) => RunVariants.NameOf(method, draws);

    private static Comparison NearTarget(string variant) => Comparison.Within(variant, ActiveFraction, Target - Tolerance, Target + Tolerance);

    private static Comparison IsWaveletLike(string variant) => Comparison.Within(variant, GaborFraction, Most);
}
