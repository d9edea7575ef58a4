using System.Globalization;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Reporting;

/// <summary>Explanations of features as one HTML file that needs no other file and no network.</summary>
internal static class FeaturePage
{
    private const int PicturedRows = 12, MostLabels = 12;

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file to write, whole or not at all.</param>
    /// <param name="run">The run.</param>
    /// <param name="features">The features, at least one.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, ExplainedRun run, IReadOnlyList<ExplainedFeature> features) => AtomicFile.WriteText(path, Render(run, features));

    internal static string Render(ExplainedRun run, IReadOnlyList<ExplainedFeature> features)
    {
        string name = RunReporting.NameOf(run.Folder);
        string links = features.Count > 1 ? $"<nav>{string.Concat(features.Select(feature => $"<a href=\"#{Id(feature.View.Feature)}\">{feature.View.Feature}</a>"))}</nav>" : "";
        string intro = Html.Paragraph(string.Create(CultureInfo.InvariantCulture, $"{run.Index.Features} features; their codes on {run.Index.Rows:N0} rows of {run.Data.Source}. A feature is active in a row where its value is not 0."));
        return Html.Page(features is [var only] ? $"Feature {only.View.Feature} of {name}" : $"{features.Count} features of {name}", links, intro + string.Concat(features.Select(feature => Section(run, feature, features.Count > 1))));
    }

    private static string Id(int feature) => $"feature-{feature}";

    private static string Section(ExplainedRun run, ExplainedFeature feature, bool hasHeading)
    {
        var view = feature.View;
        string heading = hasHeading ? $"<h2 id=\"{Id(view.Feature)}\">Feature {view.Feature}</h2>\n" : "";
        string tiles = RunSection.Tiles(
            ("active in", Numbers.Percent(view.Rate)),
            ("rows", view.Count.ToString("N0", CultureInfo.InvariantCulture)),
            ("mean magnitude", Numbers.Text(view.MeanMagnitude)),
            ("greatest magnitude", Numbers.Text(view.Top.Count > 0 ? Math.Abs(view.Top[0].Value) : double.NaN)),
            ("negative values", Numbers.Percent(view.Negative)));
        if (view.Count == 0) return heading + tiles + Html.Card("Dead", Html.Paragraph("It is active in no row."));
        return string.Concat(heading, tiles, Pictures(run, feature), Examples("Rows that activate it most", feature.Top), Examples("Rows from its whole range", feature.Range), Values(view), Labels(view), Others(view));
    }

    private static string Values(FeatureView view) => Html.Card("Values", Html.Figure(
        style => BarFigure.Draw([.. view.Histogram.Select(bin => new Bar(bin.From, bin.To, bin.Count))], "value", "rows", null, style),
        $"Histogram of the values of feature {view.Feature}", "Rows by the value of the feature, where it is active.", "scroll fit"));

    private static string Examples(string title, IReadOnlyList<ExplainedRow> rows)
    {
        bool hasLabels = rows.Any(row => row.Labels.Count > 0), hasTexts = rows.Any(row => row.Context is not null || row.Note is not null);
        int decimals = Numbers.Decimals(rows.Select(row => (double)row.Value));
        string[] columns = ["row", "value", .. hasTexts ? ["where"] : Array.Empty<string>(), .. hasLabels ? ["labels"] : Array.Empty<string>()];
        return Html.Card(title, Html.Table(columns, numeric: false, rows.Select(row =>
            $"<tr><th scope=\"row\">{row.Row}</th><td>{Numbers.Text(row.Value, decimals)}</td>{(hasTexts ? $"<td>{TextHtml(row)}</td>" : "")}{(hasLabels ? $"<td>{Html.Escape(string.Join(", ", row.Labels))}</td>" : "")}</tr>")));
    }

    private static string TextHtml(ExplainedRow row)
    {
        string position = row.Note is { Token: null, Position: { } place } ? Html.Escape($"{(row.Context is null ? $"sample {row.Note.Value.Sample}" : "")}, position {place}".TrimStart(',', ' ')) : "";
        if (row.Context is not { } context) return position;
        string text = row.Note?.Token is null ? $"<bdi>{Html.Escape(context.Marked)}</bdi>" : $"<bdi>{Html.Escape(context.Before)}<mark>{Html.Escape(context.Marked)}</mark>{Html.Escape(context.After)}</bdi>";
        return position.Length > 0 ? $"{text}, {position}" : text;
    }

    private static string Labels(FeatureView view) => view.Labels.Count == 0 ? "" : Html.Card("Labels it goes with", Html.Table(["label", "rows", "share of its rows", "lift"], numeric: true,
        view.Labels.Take(MostLabels).Select(label => $"<tr><th scope=\"row\">{Html.Escape(label.Name)}</th>{Cell(label.Count.ToString("N0", CultureInfo.InvariantCulture))}{Cell(Numbers.Percent(label.Share))}{Cell(Numbers.Text(label.Lift, 2))}</tr>"))
        + Html.Paragraph("Lift is the share over that of all rows: 1 where feature and label know nothing of each other."));

    private static string Others(FeatureView view)
    {
        string together = view.Together.Count == 0 ? "" : Html.Card("Features active with it", Html.Table(["feature", "share of its rows", "lift"], numeric: true,
            view.Together.Select(other => $"<tr><th scope=\"row\">{other.Feature}</th>{Cell(Numbers.Percent(other.Share))}{Cell(Numbers.Text(other.Lift, 2))}</tr>")));
        return view.Nearest.Count == 0 ? together : together + Html.Card("Atoms like it, and opposed to it", $"<div class=\"columns\"><div>{Cosines("nearest", view.Nearest)}</div><div>{Cosines("most opposed", view.Opposed)}</div></div>");
    }

    private static string Cosines(string title, IReadOnlyList<AtomNeighbour> others) => Html.Table([title, "cosine"], numeric: true,
        others.Select(other => $"<tr><th scope=\"row\">{other.Feature}</th>{Cell(Numbers.Text(other.Cosine, 3))}</tr>"));

    private static string Cell(string text) => $"<td class=\"number\">{text}</td>";

    /// <summary>The atom and the rows as pictures, where they are.</summary>
    private static string Pictures(ExplainedRun run, ExplainedFeature feature)
    {
        var (preprocessing, model) = (run.Model.Preprocessing, run.Model);
        if (preprocessing.PatchSize is null && preprocessing.ImageShape is null) return "";
        bool arePatches = preprocessing.PatchSize is not null;
        var shape = preprocessing.PatchSize is { } size ? SampleShape.Patch(size, size) : Shape(preprocessing.ImageShape!.Value);
        List<ImageStrip> strips = [Strip("most active", feature.Top), Strip("whole range", feature.Range)];
        if (model.HasDictionary)
        {
            float[] dictionary = model.Dictionary(), atom = [.. Enumerable.Range(0, model.Dimension).Select(row => dictionary[row * model.Atoms + feature.View.Feature])];
            strips.Insert(0, new("atom", "", new(atom, 1, atom.Length), []) { AreAtoms = true });
        }
        return Html.Card("Pictures", Html.Figure(style => ImageStrips.Draw(strips, shape, style), $"Samples in which feature {feature.View.Feature} is active",
            arePatches ? "Each picture has its own scale; mid grey is zero. Below is the feature's value." : "Below is the feature's value.", "scroll"));

        ImageStrip Strip(string name, IReadOnlyList<ExplainedRow> rows)
        {
            int[] shown = [.. rows.Take(PicturedRows).Select(row => row.Row)];
            float[] samples = new float[shown.Length * model.Dimension];
            run.Data.Samples.CopyRows(shown, samples);
            int decimals = Numbers.Decimals(rows.Select(row => (double)row.Value));
            return new(name, "", new(samples, shown.Length, model.Dimension), [.. rows.Take(PicturedRows).Select(row => Numbers.Text(row.Value, decimals))]) { AreAtoms = arePatches };
        }
    }

    private static SampleShape Shape(ImageShape image) => SampleShape.Patch(image.Height, image.Width, image.Channels);
}
