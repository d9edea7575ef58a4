using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reproduction.Paper;

namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>Which runs the tables and figures need.</summary>
internal static class ReproductionPlan
{
    /// <summary>The word that stands for all targets of section 4.1.</summary>
    public const string Everything = "all";

    private static readonly string[] Figure3 = ["fista", "gaussian", "laplacian", "spike-and-slab", "thresholded-gaussian", "thresholded-laplacian"];

    /// <summary>The paper's seeds.</summary>
    public static IReadOnlyList<ulong> Seeds { get; } = [0, 1337, 747];

    /// <summary>All targets.</summary>
    public static IReadOnlyList<ReproductionTarget> Targets { get; } =
    [
        new("table1", "Table 1: performance of the inference methods with a linear generator", [.. Rows(MethodTable.OfPaper.Select(method => method.Name), RunVariants.One, RunVariants.Many)], true, TargetContents.Objectives),
        new("table2", "Table 2: posterior and feature collapse of gradient estimators",
            [.. from draws in new[] { RunVariants.One, RunVariants.Many } from estimator in new[] { "subgradient-published", "subgradient-corrected", "", "straight-through-corrected" }
                select estimator.Length == 0 ? RunVariants.NameOf(RunVariants.Studied, draws) : $"{RunVariants.Studied}-{estimator}-j{draws}"], true, TargetContents.Collapse),
        new("table6", "Table 6: Table 1 at J = 20 with standard deviations", [.. Rows(MethodTable.OfPaper.Select(method => method.Name), RunVariants.Many)], true, TargetContents.Deviations),
        new("figure3", "Figure 3: dictionaries at J = 20", [.. Rows(Figure3, RunVariants.Many)], false, TargetContents.Dictionaries),
        new("figure4", "Figure 4: signal-to-noise ratio of the gradients", [.. Rows(Figure3.Skip(1), RunVariants.One, RunVariants.Many)], true, TargetContents.Signals)
        {
            Remarks = ["Which methods the paper's figure shows is not stated in its text; those of Figure 3 are shown here, and Figure 9 has all."],
        },
        new("figure5", "Figure 5: consistency of supports under average and max sampling",
            [$"{RunVariants.Studied}-average-j20", $"{RunVariants.Studied}-j20", $"{RunVariants.Studied}-average-j100", $"{RunVariants.Studied}-j100"], true, TargetContents.Consistency),
        new("figure9", "Figure 9: signal-to-noise ratio of the gradients, all methods", [.. Rows(MethodTable.OfPaper.Skip(1).Select(method => method.Name), RunVariants.One, RunVariants.Many)], true, TargetContents.Signals),
        new("figures10-17", "Figures 10 to 17: full dictionaries", [.. Rows(MethodTable.OfPaper.Skip(1).Select(method => method.Name), RunVariants.One, RunVariants.Many), "fista"], false, TargetContents.Dictionaries),
        new("figure18", "Figure 18: dictionaries of sampling methods at J = 100", [$"{RunVariants.Studied}-average-j100", $"{RunVariants.Studied}-iwae-j100", $"{RunVariants.Studied}-j100"], false, TargetContents.Dictionaries),
        .. ImageVariants.DataSets.Select(Figure7),
        OfFashion("figure6-fashion-mnist", TargetContents.ImageDictionaries, "Figure 6, for Fashion-MNIST: dictionaries estimated for generators", ["gaussian", "thresholded-gaussian-gamma"], 256),
        OfFashion("figure8-fashion-mnist", TargetContents.ImageLabels, "Figure 8, for Fashion-MNIST: classes and the features that correlate with them", ["gaussian", "thresholded-gaussian", "thresholded-gaussian-gamma"], 64),
        OfFashion("figure19-fashion-mnist", TargetContents.ImageReconstructions, "Figures 19 to 22, for Fashion-MNIST: reconstructions and estimated dictionaries", ImageVariants.ShownMethods, 64, 256),
        OfFaces("figure6", TargetContents.ImageDictionaries, "Figure 6: dictionaries estimated for generators of CelebA", Faces("gaussian", 512), Faces("thresholded-gaussian-gamma", 512, 5)),
        OfFaces("figure8", TargetContents.ImageLabels, "Figure 8: attributes of CelebA and the features that correlate with them", [.. new[] { "gaussian", "thresholded-gaussian", "thresholded-gaussian-gamma" }.Select(method => Faces(method, 512))]),
        OfFaces("figures19-23", TargetContents.ImageReconstructions, "Figures 19 to 23: reconstructions and estimated dictionaries of CelebA",
            [.. from features in ImageVariants.ShownFeatures from method in ImageVariants.ShownMethods select Faces(method, features)]),
    ];

    /// <summary>The targets of names, in the order of <see cref="Targets"/>.</summary>
    /// <param name="names">Names of targets, or "all".</param>
    /// <exception cref="InvalidInputException">A name is not that of a target.</exception>
    public static IReadOnlyList<ReproductionTarget> Find(IEnumerable<string> names)
    {
        string[] wanted = [.. names], known = [.. Targets.Select(target => target.Name), Everything];
        if (wanted.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new InvalidInputException($"unknown target '{unknown}'{Spelling.Suggestion(unknown, known)}");
        return [.. Targets.Where(target => wanted.Contains(target.Name) || (target.Images is null && wanted.Contains(Everything)))];
    }

    /// <summary>The runs of targets, each once: those of the first seed come first, so that an interrupted reproduction shows something of everything.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="schedule">Length of the runs.</param>
    /// <param name="seeds">The seeds, at least one.</param>
    /// <param name="source">The source of section 4.1's data.</param>
    /// <param name="root">The folder of section 4.2's images; empty where they are found without.</param>
    /// <param name="skipBadImages">Whether damaged images of CelebA are left out instead of refused.</param>
    public static IReadOnlyList<PlannedRun> Runs(IReadOnlyList<ReproductionTarget> targets, ReproductionSchedule schedule, IReadOnlyList<ulong> seeds, string source, string root = "", bool skipBadImages = false) =>
    [
        .. from seed in seeds
           from name in targets.Where(target => target.EverySeed || seed == seeds[0]).SelectMany(target => target.Variants).Distinct()
           let variant = RunVariants.Find(name)
           select new PlannedRun(variant, Describe(variant, schedule, seed, source, root, skipBadImages)),
    ];

    private static Experiment Describe(RunVariant variant, ReproductionSchedule schedule, ulong seed, string source, string root, bool skipBadImages)
    {
        var experiment = schedule.Apply(variant.Experiment) with { Seed = seed, Description = $"{variant.Label}, at the {schedule.Name} schedule" };
        return experiment with
        {
            Data = experiment.Generator.Kind == GeneratorKind.Linear ? experiment.Data with { Source = source }
                : experiment.Data with { Root = root, SkipBadImages = skipBadImages && experiment.Data.Source == DataOptions.CelebA },
        };
    }

    private static ReproductionTarget Figure7(string data) =>
        new($"figure7-{data}", $"Figure 7: methods over numbers of latent features and sparsity, {ImageVariants.TitleOf(data)}",
            [.. ImageVariants.Sweep(data).Select(variant => variant.Name)], true, TargetContents.ImageSweep)
        { Images = data };

    private static ReproductionTarget OfFashion(string name, TargetContent content, string title, IReadOnlyList<string> methods, params int[] sizes) =>
        new(name, title, [.. from features in sizes from method in methods select ImageVariants.NameOf(DataOptions.FashionMnist, method, features)], false, content) { Images = DataOptions.FashionMnist };

    private static ReproductionTarget OfFaces(string name, TargetContent content, string title, params string[] variants) => new(name, title, variants, false, content) { Images = DataOptions.CelebA };

    private static string Faces(string method, int features, int percent = ImageVariants.StandardPercent) => ImageVariants.NameOf(DataOptions.CelebA, method, features, percent);

    private static IEnumerable<string> Rows(IEnumerable<string> methods, params int[] draws) =>
        methods.SelectMany(method => draws.Select(count => RunVariants.NameOf(method, count))).Distinct();
}
