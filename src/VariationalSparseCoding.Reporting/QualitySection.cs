using System.Globalization;
using VariationalSparseCoding.Metrics;

namespace VariationalSparseCoding.Reporting;

/// <summary>The codes in the terms in which sparse autoencoders are compared, and the atoms.</summary>
internal static class QualitySection
{
    private const int PointsOfPercent = 2;

    public static string Render(RunReport run)
    {
        if (run.Quality is not { } quality) return "";
        string features = quality.FiringRates.Count.ToString(CultureInfo.InvariantCulture);
        string tiles = RunSection.Tiles(
            ("explained variance", Numbers.Percent(quality.ExplainedVariance)),
            ("variance unexplained (FVU)", Numbers.Text(quality.UnexplainedFraction)),
            ("active features (L0)", Numbers.Text(quality.L0)),
            ("cosine", Numbers.Text(quality.Cosine)),
            ("length of reconstructions", Numbers.Text(quality.NormRatio)),
            ("dead features", $"{quality.Dead} of {features}"),
            ("ultra-dense features", $"{quality.Dense} of {features}"));
        return Html.Card("Quality of the codes", tiles + Html.Figure(
            style => BarFigure.Draw(Bars(quality), "firing rate, log scale", "features", [.. Ticks()], style),
            $"Histogram of the firing rates of the features of {run.Name}, on a log scale",
            $"Features by the share of the {quality.Samples.ToString("N0", CultureInfo.InvariantCulture)} validation samples in which they are active; dead ones are left out. Ultra-dense features are active in more than {Numbers.Percent(CodeQuality.DenseRate)}.", "scroll fit")
            + (run.DictionaryQuality is { } atoms ? Html.NameValueTable(
            [
                new("norms of the atoms", $"{Numbers.Text(atoms.LeastNorm)} to {Numbers.Text(atoms.GreatestNorm)}, mean {Numbers.Text(atoms.MeanNorm)}"),
                new("|cosine| of an atom to the nearest other", $"mean {Numbers.Text(atoms.MeanNearestCosine)}, greatest {Numbers.Text(atoms.GreatestNearestCosine)}"),
            ]) : ""));
    }

    private static Bar[] Bars(CodeQuality quality) => [.. quality.Histogram.Select((count, bin) => new Bar(Place(bin), Place(bin + 1), count))];

    // In powers of ten.
    private static double Place(int bin) => (double)bin / CodeQuality.BinsPerDecade - CodeQuality.Decades;

    private static IEnumerable<(double, string)> Ticks() => Enumerable.Range(0, CodeQuality.Decades + 1)
        .Select(decade => ((double)(decade - CodeQuality.Decades), string.Create(CultureInfo.InvariantCulture, $"{Math.Pow(10, decade - CodeQuality.Decades + PointsOfPercent):0.####} %")));
}
