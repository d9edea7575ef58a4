using System.Globalization;
using SkiaSharp;
using VariationalSparseCoding.Reporting;
using VariationalSparseCoding.Reproduction.Measuring;
using VariationalSparseCoding.Reproduction.Paper;

namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>The figures about what convolutional generators have learned: estimated dictionaries (6, 20 to 23), labels (8) and reconstructions (19).</summary>
internal static class ImageFigures
{
    private const float MapWidth = 760, RowHeight = 16, MapMargin = 110;
    private const int MostLabels = 10;

    // The attributes of the paper's Figure 8.
    private static readonly string[] PaperLabels = ["Bald", "Bangs", "Black_Hair", "Blond_Hair", "Eyeglasses", "Male", "Pale_Skin", "Smiling"];

    /// <summary>For each method the dictionary entry of the feature that correlates most with each label, and below them how the features correlate with all labels.</summary>
    /// <param name="target">Figure 8.</param>
    /// <param name="runs">The runs.</param>
    public static DataFigure? Labels(ReproductionTarget target, ShownRuns runs)
    {
        var found = Found(target, runs).Where(pair => pair.Images.Labels.Count > 0).ToList();
        if (found.Count == 0) return null;
        var all = found[0].Images.Labels.Select(label => label.Label).ToList();
        string[] shown = PaperLabels.All(all.Contains) ? PaperLabels : [.. all.Take(MostLabels)];
        var strips = found.Select(pair =>
        {
            LabelFeature[] features = [.. shown.Select(name => pair.Images.Labels.Single(label => label.Label == name))];
            return new ImageStrip(RunVariants.Find(pair.Variant).Label, "", new([.. features.SelectMany(feature => feature.Atom)], features.Length, features[0].Atom.Length),
                [.. features.Select(feature => $"{Spaced(feature.Label)} {Numbers.Text(feature.Correlation, 2)}")])
            { AreAtoms = true };
        }).ToList();
        double range = Math.Max(found.Max(pair => pair.Images.Correlations.Max(Math.Abs)), 0.01);
        var lines = from pair in found
                    from label in pair.Images.Labels
                    select Csv.Line(pair.Variant, label.Label, label.Feature.ToString(CultureInfo.InvariantCulture), Csv.Number(label.Correlation));
        return new(Drawing.Column([ImageStrips.Of(strips, Shape(found[0].Images.Dictionary)), .. found.Select(pair => Map(RunVariants.Find(pair.Variant).Label, pair.Images, all, range))]),
            "Above: entries of the estimated dictionary of the feature that correlates most with each label, and its point-biserial correlation; mid grey is zero. Below: correlations of the 40 features that correlate most with any label. Codes are the best of 50 draws.",
            Csv.File("run,label,feature,correlation", lines));
    }

    /// <summary>Validation images above what every run makes of them, and the estimated dictionaries.</summary>
    /// <param name="target">Figures 19 to 23.</param>
    /// <param name="runs">The runs.</param>
    public static DataFigure? Reconstructions(ReproductionTarget target, ShownRuns runs)
    {
        var found = Found(target, runs);
        if (found.Count == 0) return null;
        var first = found[0].Images;
        int size = first.Shape.Size, count = first.Originals.Length / size;
        ImageStrip[] strips = [new("original", "", new(first.Originals, count, size), []), .. found.Select(pair => new ImageStrip(RunVariants.Find(pair.Variant).Label, "", new(pair.Images.Reconstructions, count, size), []))];
        var lines = from pair in found
                    from image in Enumerable.Range(0, count)
                    select Csv.Line(pair.Variant, image.ToString(CultureInfo.InvariantCulture), Csv.Number(ImageReporting.SquaredError(pair.Images.Originals, pair.Images.Reconstructions, size, image)));
        return new(Drawing.Column([ImageStrips.Of(strips, ImageReporting.Drawn(first.Shape)), Panels(target, found)]),
            "Validation images above their reconstructions from the best of 50 draws. Below: 64 entries of each run's estimated dictionary by descending norm, eight bands over all entries; each on its own scale, mid grey is zero.",
            Csv.File("run,image,squared_error", lines), IsLarge: true);
    }

    /// <summary>The estimated dictionaries.</summary>
    /// <param name="target">Figure 6.</param>
    /// <param name="runs">The runs.</param>
    public static DataFigure? Dictionaries(ReproductionTarget target, ShownRuns runs)
    {
        var found = Found(target, runs);
        return found.Count == 0 ? null : new(Panels(target, found),
            "Estimated dictionaries: 64 entries by descending norm, row by row from the upper left, eight bands over all entries; each on its own scale, mid grey is zero.",
            ReproductionFigures.DictionaryData([.. found.Select(pair => (pair.Variant, pair.Images.Dictionary))]), IsLarge: true);
    }

    private static List<(string Variant, ImageFindings Images)> Found(ReproductionTarget target, ShownRuns runs) =>
        [.. target.Variants.Select(variant => (variant, runs.Images(variant)!)).Where(pair => pair.Item2 is not null)];

    private static Drawing Panels(ReproductionTarget target, List<(string Variant, ImageFindings Images)> found) =>
        ReproductionFigures.Panels(target, found.Select(pair => (pair.Variant, pair.Images.Dictionary)));

    /// <summary>Labels over features, the first label at the top.</summary>
    private static Drawing Map(string title, ImageFindings images, List<string> labels, double range)
    {
        int features = images.Features.Count;
        float height = RowHeight * labels.Count + MapMargin;
        var elements = new double[labels.Count, features];
        for (int feature = 0; feature < features; feature++)
            for (int label = 0; label < labels.Count; label++) elements[labels.Count - 1 - label, feature] = images.Correlations[feature * labels.Count + label];
        return new(MapWidth, height, (canvas, style) =>
        {
            using var plot = PlotStyling.NewPlot(style, title, "number of the feature, strongest first", "");
            HeatMap.Add(plot, elements, range, "correlation", style);
            plot.Axes.Left.SetTicks([.. Enumerable.Range(0, labels.Count).Select(label => (double)label)], [.. Enumerable.Reverse(labels).Select(Spaced)]);
            plot.Axes.Bottom.SetTicks([.. Enumerable.Range(0, features).Select(feature => (double)feature)], [.. images.Features.Select(feature => feature.ToString(CultureInfo.InvariantCulture))]);
            plot.Axes.Bottom.TickLabelStyle.Rotation = 90;
            plot.Axes.Bottom.TickLabelStyle.FontSize = 10;
            plot.Axes.Bottom.TickLabelStyle.Alignment = ScottPlot.Alignment.MiddleLeft;
            plot.Axes.SetLimits(-0.5, features - 0.5, -0.5, labels.Count - 0.5);
            PlotStyling.Draw(canvas, plot, SKRect.Create(MapWidth, height));
        });
    }

    private static SampleShape Shape(LearnedAtoms dictionary) => ImageReporting.Drawn(dictionary.Shape!.Value);

    private static string Spaced(string label) => label.Replace('_', ' ');
}
