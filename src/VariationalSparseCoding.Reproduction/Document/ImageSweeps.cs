using System.Globalization;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reproduction.Paper;
using VariationalSparseCoding.Reproduction.Results;
using static VariationalSparseCoding.Reproduction.Results.MetricNames;

namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>Figure 7: methods over numbers of latent features and over sparsity.</summary>
internal static class ImageSweeps
{
    /// <summary>For each number of latent features the methods by squared error, and how many pairs of them come in the published order.</summary>
    /// <param name="target">Figure 7 of some images.</param>
    /// <param name="results">The results of one schedule.</param>
    public static IEnumerable<string> Order(ReproductionTarget target, ResultSet results)
    {
        foreach (int features in ImageVariants.Features(target.Images!))
        {
            var rows = (from method in ImageVariants.Methods
                        let variant = ImageVariants.NameOf(target.Images!, method, features)
                        let obtained = results.Mean(variant, SquaredError + BestOf20)
                        where obtained is { } mean && double.IsFinite(mean)
                        select (Name: MethodTable.Find(method)!.PaperRow, Obtained: obtained.Value, Published: PublishedImageResults.All[variant].SquaredError)).ToList();
            bool[] agree = [.. from low in rows from high in rows where low.Published < high.Published select low.Obtained < high.Obtained];
            if (agree.Length == 0) continue;
            string Names(Func<(string Name, double Obtained, double Published), double> number) => string.Join(", ", rows.OrderBy(number).Select(row => row.Name));
            string published = agree.All(agrees => agrees) ? "" : $", which is {Names(row => row.Published)}";
            yield return $"Methods at d = {features} by squared error, lowest first: {Names(row => row.Obtained)}. {agree.Count(agrees => agrees)} of {agree.Length} pairs come in the published order{published}.";
        }
    }

    /// <summary>The figure; null where nothing was measured.</summary>
    /// <param name="target">A target of images.</param>
    /// <param name="results">The results of one schedule.</param>
    public static DataFigure? Of(ReproductionTarget target, ResultSet results)
    {
        string data = target.Images!;
        if (target.Variants.All(variant => results.Of(variant).Count == 0)) return null;
        var sizes = ImageVariants.Features(data);
        int swept = ImageVariants.FeaturesOfSparsitySweep(data);
        SweepPanel OverSizes(string title, string label, string metric) => new(title, "latent features, d", label, [.. sizes.Select(size => size.ToString(CultureInfo.InvariantCulture))],
            [.. ImageVariants.Methods.Select(method => Line(method, [.. sizes.Select(size => ImageVariants.NameOf(data, method, size))], metric))]);
        SweepPanel[] panels =
        [
            OverSizes("Multi-information (plug-in)", "bits", MultiInformation + BestOf20),
            OverSizes("Fréchet distance of features", "distance", Frechet),
            OverSizes("Squared error, 10 % active", "mean over pixels", SquaredError + BestOf20),
            new($"Squared error, d = {swept}", "active features of the prior, %", "mean over pixels", [.. ImageVariants.Percents.Select(percent => percent.ToString(CultureInfo.InvariantCulture))],
                [.. ImageVariants.Methods.Select(method => Line(method, [.. ImageVariants.Percents.Select(percent => ImageVariants.SparseMethods.Contains(method) ? ImageVariants.NameOf(data, method, swept, percent) : "")], SquaredError + BestOf20))]),
        ];
        var lines = from variant in target.Variants
                    from metric in new[] { MultiInformation + BestOf20, Frechet, SquaredError + BestOf20 }
                    select Csv.Line(variant, metric, Csv.Number(results.Mean(variant, metric)), Csv.Number(results.Deviation(variant, metric)), Csv.Number(results.Of(variant).Count));
        return new(SweepFigure.Of([.. panels.Where(panel => panel.Lines.Any(line => line.Values.Any(value => value is not null)))]),
            "Methods over the number of latent features at 10% active features, and over the prior's active features; best of 20 draws, error bars are standard deviations over seeds. Missing points were not yet run.",
            Csv.File("run,metric,mean,deviation,seeds", lines));

        SweepLine Line(string method, string[] variants, string metric) => new(MethodTable.Find(method)!.PaperRow,
            [.. variants.Select(variant => results.Mean(variant, metric))], [.. variants.Select(variant => results.Deviation(variant, metric))]);
    }
}
