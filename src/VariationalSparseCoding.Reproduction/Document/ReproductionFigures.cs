using System.Globalization;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Reporting;
using VariationalSparseCoding.Reproduction.Measuring;
using VariationalSparseCoding.Reproduction.Paper;
using VariationalSparseCoding.Reproduction.Results;
using static VariationalSparseCoding.Reproduction.Results.MetricNames;

namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>A figure with the numbers that it shows.</summary>
/// <param name="Drawing">The figure.</param>
/// <param name="Caption">What it shows.</param>
/// <param name="Data">The numbers as CSV.</param>
/// <param name="IsLarge">Whether pages show it at half its size.</param>
internal sealed record DataFigure(Drawing Drawing, string Caption, string Data, bool IsLarge = false)
{
    /// <summary>The figure as pages show it, a PNG file.</summary>
    /// <param name="style">Colours.</param>
    public byte[] ForPages(FigureStyle style) => IsLarge ? Canvas.Halved(Drawing.Png(style)) : Drawing.Png(style);
}

/// <summary>The figures of a reproduction.</summary>
internal static class ReproductionFigures
{
    private static readonly int[] Budgets = [RunVariants.One, RunVariants.Many];

    /// <summary>Bars of signal-to-noise ratios (Figures 4 and 9).</summary>
    /// <param name="target">The target.</param>
    /// <param name="results">The results of one schedule.</param>
    public static DataFigure? Signals(ReproductionTarget target, ResultSet results)
    {
        var methods = MethodTable.OfPaper.Where(method => target.Variants.Contains(RunVariants.NameOf(method.Name, RunVariants.Many))).ToList();
        (string Title, string Metric)[] panels = [("Inference network", SignalNetwork), ("Dictionary", SignalDictionary)];
        var bars = panels.Select(panel => (panel.Title, (IReadOnlyList<BarSeries>)[.. Budgets.Select(draws => new BarSeries($"J = {draws}",
            [.. methods.Select(method => RunVariants.NameOf(method.Name, draws)).Select(variant => new Bar(results.Mean(variant, panel.Metric), results.Deviation(variant, panel.Metric)))]))])).ToList();
        if (bars.All(panel => panel.Item2.All(series => series.Bars.All(bar => bar.Mean is null)))) return null;
        var lines = from panel in panels
                    from method in methods
                    from draws in Budgets
                    let variant = RunVariants.NameOf(method.Name, draws)
                    select Csv.Line(panel.Metric, variant, Csv.Number(results.Mean(variant, panel.Metric)), Csv.Number(results.Deviation(variant, panel.Metric)), Csv.Number(results.Of(variant).Count));
        return new(SignalFigure.Of(bars, [.. methods.Select(method => ShortName(method.PaperRow))]),
            "Signal-to-noise ratio of the gradients at the end of training; error bars are standard deviations over seeds. Missing bars were not yet run.",
            Csv.File("gradient,run,mean,deviation,seeds", lines));
    }

    /// <summary>Histograms of Jaccard indices (Figure 5).</summary>
    /// <param name="target">The target.</param>
    /// <param name="results">The results of one schedule.</param>
    public static DataFigure? Consistency(ReproductionTarget target, ResultSet results)
    {
        if (target.Variants.All(variant => Fractions(results, variant, Jaccard).Count == 0)) return null;
        var panels = from metric in new[] { Jaccard, JaccardAsTrained }
                     from draws in new[] { RunVariants.Many, RunVariants.VeryMany }
                     let variants = target.Variants.Where(variant => variant.EndsWith($"-j{draws}", StringComparison.Ordinal))
                     select ($"J = {draws}, {(metric == Jaccard ? "single draws" : "selected as in training")}",
                         (IReadOnlyList<Histogram>)[.. variants.Select(variant => new Histogram(ExperimentJson.Name(RunVariants.Find(variant).Experiment.Sampling.Selection), Fractions(results, variant, metric)))]);
        var lines = from metric in new[] { Jaccard, JaccardAsTrained }
                    from variant in target.Variants
                    from bin in Fractions(results, variant, metric).Select((fraction, index) => (fraction, index))
                    select Csv.Line(metric, variant, Csv.Number((double)bin.index / RunMeasurement.HistogramBins), Csv.Number((bin.index + 1.0) / RunMeasurement.HistogramBins), Csv.Number(bin.fraction));
        return new(HistogramFigure.Of([.. panels], "mean Jaccard index of an input"),
            "Histograms of the mean Jaccard index of an input's supports over 20 passes, averaged over seeds: single draws as in eq. (13), and codes selected as in training.",
            Csv.File("index,run,from,to,fraction", lines));
    }

    /// <summary>Dictionaries side by side (Figures 3, 10 to 17 and 18).</summary>
    /// <param name="target">The target.</param>
    /// <param name="runs">The runs.</param>
    public static DataFigure? Dictionaries(ReproductionTarget target, ShownRuns runs)
    {
        var found = target.Variants.Select(variant => (Variant: variant, Dictionary: runs.Dictionary(variant)!)).Where(pair => pair.Dictionary is not null).ToList();
        if (found.Count == 0) return null;
        return new(Panels(target, found), "Atoms sorted by descending norm, row by row from the upper left, each on its own scale; mid grey is zero.", DictionaryData(found), IsLarge: true);
    }

    /// <summary>Dictionaries of a target's variants side by side.</summary>
    public static Drawing Panels(ReproductionTarget target, IEnumerable<(string Variant, LearnedAtoms Dictionary)> dictionaries) => DictionaryPanels.Of(
        [.. dictionaries.Select(pair => new NamedDictionary(RunVariants.Find(pair.Variant).Label, new(pair.Dictionary.Values, pair.Dictionary.Dimension, pair.Dictionary.Atoms),
            pair.Dictionary.Shape is { } shape ? ImageReporting.Drawn(shape) : SampleShape.Vector(pair.Dictionary.Dimension)))],
        target.Variants.Count > 6 ? 4 : 3);

    /// <summary>The atoms as CSV, in the order in which they are drawn.</summary>
    public static string DictionaryData(List<(string Variant, LearnedAtoms Dictionary)> dictionaries)
    {
        var lines = from pair in dictionaries
                    let norms = DictionaryStatistics.Norms<float>(pair.Dictionary.Values, pair.Dictionary.Atoms)
                    from place in DictionaryFigure.Order(norms).Select((atom, rank) => (atom, rank))
                    select Csv.Line([pair.Variant, Number(place.rank), Number(place.atom), norms[place.atom].ToString("G6", CultureInfo.InvariantCulture), .. Values(pair.Dictionary, place.atom)]);
        return Csv.File(Csv.Line(["run", "rank", "atom", "norm", .. Enumerable.Range(0, dictionaries[0].Dictionary.Dimension).Select(value => $"value{value}")]), lines);

        static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

        static IEnumerable<string> Values(LearnedAtoms dictionary, int atom) =>
            Enumerable.Range(0, dictionary.Dimension).Select(value => dictionary.Values[value * dictionary.Atoms + atom].ToString("G4", CultureInfo.InvariantCulture));
    }

    /// <summary>The fraction of inputs in each bin, averaged over seeds; empty where nothing was measured.</summary>
    private static IReadOnlyList<double> Fractions(ResultSet results, string variant, string metric)
    {
        var histograms = results.Of(variant).Select(result => result.Histograms.GetValueOrDefault(metric)).OfType<IReadOnlyList<int>>().ToList();
        return histograms.Count == 0 ? [] : [.. Enumerable.Range(0, histograms[0].Count).Select(bin => histograms.Average(counts => (double)counts[bin] / counts.Sum()))];
    }

    private static string ShortName(string paperRow) => paperRow.Replace("Thresholded ", "Thresholded\n", StringComparison.Ordinal).Replace("+Gamma", "\n+ Gamma", StringComparison.Ordinal);
}
