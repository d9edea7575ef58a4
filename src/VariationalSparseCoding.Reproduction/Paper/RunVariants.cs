using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Reproduction.Paper;

/// <summary>An experiment of the paper's section 4.1 under a name, without schedule, seed and data.</summary>
/// <param name="Name">Such as "thresholded-laplacian-j20".</param>
/// <param name="Label">What it is, for tables.</param>
/// <param name="Experiment">Method, estimator and sampling.</param>
internal sealed record RunVariant(string Name, string Label, Experiment Experiment);

/// <summary>All experiments of the paper. Those of Table 1 are the files of experiments/table1 and experiments/compact.</summary>
internal static class RunVariants
{
    /// <summary>J of Table 1.</summary>
    public const int One = 1, Many = 20;

    /// <summary>J of the samplings that Figures 5 and 18 compare.</summary>
    public const int VeryMany = 100;

    /// <summary>The method whose estimators and samplings are compared.</summary>
    public const string Studied = "thresholded-laplacian";

    /// <summary>Every variant; the first ones are the rows of Table 1 in its order.</summary>
    public static IReadOnlyList<RunVariant> All { get; } = [.. TableRows(), .. Estimators(), .. Samplings(), .. ImageVariants.All];

    /// <summary>The name of a method's row of Table 1.</summary>
    /// <param name="method">Name of the method.</param>
    /// <param name="draws">J; ignored for MAP inference.</param>
    public static string NameOf(string method, int draws) => MethodTable.Find(method)!.IsMapInference ? method : $"{method}-j{draws}";

    /// <summary>The variant of a name.</summary>
    /// <param name="name">A <see cref="RunVariant.Name"/>.</param>
    public static RunVariant Find(string name) => All.First(variant => variant.Name == name);

    private static IEnumerable<RunVariant> TableRows() =>
        from method in MethodTable.OfPaper
        from draws in method.IsMapInference ? [Many] : new[] { One, Many }
        select new RunVariant(NameOf(method.Name, draws), method.IsMapInference ? method.PaperRow : $"{method.PaperRow}, J = {draws}", Published(method.Name, draws));

    /// <summary>Table 2: the estimators that are not Table 1's.</summary>
    private static IEnumerable<RunVariant> Estimators() =>
        from draws in new[] { One, Many }
        let published = Published(Studied, draws)
        from variant in new[]
        {
            ("straight-through-corrected", "straight-through, corrected", published.Posterior with { ShiftGradient = ShiftGradient.One }),
            ("subgradient-published", "subgradient, published", published.Posterior with { Estimator = GradientEstimator.Subgradient }),
            ("subgradient-corrected", "subgradient, corrected", published.Posterior with { Estimator = GradientEstimator.Subgradient, SubgradientScale = SubgradientScale.Scale }),
        }
        select new RunVariant($"{Studied}-{variant.Item1}-j{draws}", $"Thresholded Laplacian, {variant.Item2}, J = {draws}", published with { Posterior = variant.Item3 });

    /// <summary>Figures 5 and 18: the samplings that are not Table 1's.</summary>
    private static IEnumerable<RunVariant> Samplings()
    {
        yield return Sampling(DrawSelection.Average, Many);
        yield return Sampling(DrawSelection.Average, VeryMany);
        yield return Sampling(DrawSelection.Iwae, VeryMany);
        yield return Sampling(DrawSelection.Max, VeryMany);

        static RunVariant Sampling(DrawSelection selection, int draws)
        {
            var published = Published(Studied, draws);
            string name = ExperimentJson.Name(selection);
            return new(selection == DrawSelection.Max ? $"{Studied}-j{draws}" : $"{Studied}-{name}-j{draws}",
                $"Thresholded Laplacian, {name} sampling, J = {draws}", published with { Sampling = published.Sampling with { Selection = selection } });
        }
    }

    private static Experiment Published(string method, int draws)
    {
        var defaults = MethodTable.Find(method)!.Defaults(Fidelity.Published);
        return MethodTable.Find(method)!.IsMapInference ? defaults : defaults with { Sampling = defaults.Sampling with { Draws = draws } };
    }
}
