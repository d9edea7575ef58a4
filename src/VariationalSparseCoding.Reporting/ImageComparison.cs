using VariationalSparseCoding.Inference;

namespace VariationalSparseCoding.Reporting;

/// <summary>Several runs with convolutional generators side by side.</summary>
internal static class ImageComparison
{
    public static string Render(IReadOnlyList<ImageRunReport> runs) =>
        "<h2>Comparison</h2>\n" + ResultCard(runs) + ComparisonSection.SettingsCard(runs) + ComparisonSection.CurvesCard(runs) + ReconstructionsCard(runs);

    private static string ResultCard(IReadOnlyList<ImageRunReport> runs)
    {
        string introduction = ShareImages(runs) ? ImageSection.ErrorHtml(runs[0].Evaluation.Count)
            : Html.Paragraph("The runs were evaluated on different images, so that their squared errors cannot be compared with each other, only with the mean image beside them.");
        return Html.Card("Result", introduction + Html.Table(
            ["run", "squared error of the codes", "one draw", "all-zero code", "mean image", "beats mean image", "mean active fraction", "dead features"], numeric: true, runs.Select(Row)));
    }

    private static string Row(ImageRunReport run, int index)
    {
        var evaluation = run.Evaluation;
        double codes = evaluation[CodeKind.AsTrained].SquaredError;
        string Error(double value) => Numbers.Text(value, ImageSection.ErrorDecimals);
        string[] cells =
        [
            Error(codes), Error(evaluation[CodeKind.SingleDraw].SquaredError), Error(evaluation[CodeKind.ZeroCode].SquaredError), Error(evaluation.MeanImageError),
            codes < evaluation.MeanImageError ? "<span class=\"good\">yes</span>" : "<span class=\"bad\">no</span>",
            Numbers.Percent(evaluation[CodeKind.AsTrained].ActiveFraction), $"{ImageSection.DeadCount(evaluation)} of {evaluation.Experiment.Generator.Atoms}",
        ];
        return ComparisonSection.RowHtml(run, index, cells);
    }

    private static string ReconstructionsCard(IReadOnlyList<ImageRunReport> runs)
    {
        if (!ShareImages(runs)) return "";
        var first = runs[0].Evaluation;
        int count = first.Originals.Length / first.Shape.Size;
        ImageStrip[] strips = [new("original", "", new(first.Originals, count, first.Shape.Size), []), .. runs.Select(run => ImageReporting.ReconstructionStrip(run.Evaluation, run.Name))];
        return Html.Card("Reconstructions", Html.Figure(style => ImageStrips.Draw(strips, ImageReporting.Drawn(first.Shape), style), "Validation images above the reconstructions of each run",
            "Validation images, and below them what each run makes of them. The numbers are squared errors, means over the pixels.", "scroll"));
    }

    private static bool ShareImages(IReadOnlyList<ImageRunReport> runs) =>
        runs.All(run => run.Evaluation.Count == runs[0].Evaluation.Count && run.Evaluation.Originals.AsSpan().SequenceEqual(runs[0].Evaluation.Originals));
}
