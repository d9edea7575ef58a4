using System.Globalization;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Inference;

namespace VariationalSparseCoding.Reporting;

/// <summary>All that is shown about one run with a convolutional generator.</summary>
internal static class ImageSection
{
    /// <summary>Squared errors lie between 0 and 1.</summary>
    public const int ErrorDecimals = 4;

    public static string Render(ImageRunReport run)
    {
        var evaluation = run.Evaluation;
        var (active, magnitudes) = RunReporting.Usage(new(evaluation.Codes, evaluation.Count, evaluation.Experiment.Generator.Atoms));
        int[] dead = Dead(active);
        return string.Concat(
            RunSection.Method(run),
            Tiles(evaluation, dead.Length),
            RunSection.SettingsCard(run),
            ResultCard(evaluation),
            ReconstructionsCard(evaluation),
            TraversalsCard(evaluation),
            RunSection.CurvesCard(run.History, run.Name),
            RunSection.ActivityCard(active, magnitudes, run.Name, "feature"),
            RunSection.DeadCard(dead, active.Length, "feature"),
            RunSection.LimitsCard(run),
            RunSection.ReproduceCard(run));
    }

    /// <summary>How many features are active on no validation image.</summary>
    public static int DeadCount(ImageEvaluation evaluation) =>
        Dead(RunReporting.Usage(new(evaluation.Codes, evaluation.Count, evaluation.Experiment.Generator.Atoms)).Active).Length;

    /// <summary>What the squared error is, in words.</summary>
    public static string ErrorHtml(int count) => Html.Paragraph(string.Create(CultureInfo.InvariantCulture,
        $"The squared error is (1/D)‖x − x̂‖² with values in [0, 1]: a mean over the pixels and over {count:N0} validation images. Lower is better."));

    private static int[] Dead(float[] active) => [.. Enumerable.Range(0, active.Length).Where(feature => active[feature] == 0)];

    private static string Tiles(ImageEvaluation evaluation, int dead) => RunSection.Tiles(
        ("squared error, default codes", Error(evaluation[CodeKind.Mean].SquaredError)),
        ("as trained", Error(evaluation[CodeKind.AsTrained].SquaredError)),
        ("one draw", Error(evaluation[CodeKind.SingleDraw].SquaredError)),
        ("all-zero code", Error(evaluation[CodeKind.ZeroCode].SquaredError)),
        ("mean image", Error(evaluation.MeanImageError)),
        ("mean active fraction, as trained", Numbers.Percent(evaluation[CodeKind.AsTrained].ActiveFraction)),
        ("dead features, as trained", $"{dead} of {evaluation.Experiment.Generator.Atoms}"))
        + Html.Paragraph($"The default codes, the posterior's mean, are dense: pictures, active fractions and dead features are of the codes as trained ({ImageReporting.NameOf(evaluation, CodeKind.AsTrained)}).");

    private static string ResultCard(ImageEvaluation evaluation)
    {
        var table = ImageReporting.Table(evaluation);
        string Row(EvaluationRow row) =>
            $"<tr{(row.Kind == EvaluationKind.Codes ? " class=\"own\"" : "")}><th scope=\"row\">{Html.Escape(row.Name)}</th>"
            + $"<td class=\"number\">{Numbers.Text(row.Values[0], 5)}</td><td class=\"number\">{Numbers.Text(row.Values[1], 2)}</td><td class=\"number\">{Numbers.Percent(row.Values[2])}</td></tr>";
        return Html.Card("Result", ErrorHtml(evaluation.Count) + VerdictHtml(evaluation) + Html.Table(["codes", .. table.Columns], numeric: true, table.Rows.Select(Row)));
    }

    private static string VerdictHtml(ImageEvaluation evaluation)
    {
        double codes = evaluation[CodeKind.AsTrained].SquaredError, mean = evaluation.MeanImageError;
        string both = $"{Error(codes)} against {Error(mean)}";
        var (tone, verdict) = codes < mean ? ("good", $"The codes of this run beat the mean image in place of every image: {both}.")
            : codes >= mean ? ("bad", $"The codes of this run do not beat the mean image in place of every image: {both}.")
            : ("muted", "Whether the codes of this run beat the mean image is unknown: one of the two errors is not a number.");
        return $"<p><span class=\"verdict {tone}\">{verdict}</span></p>\n";
    }

    private static string ReconstructionsCard(ImageEvaluation evaluation) => evaluation.Originals.Length == 0
        ? Html.Card("Reconstructions", Html.Paragraph($"{Numbers.Missing} there are no validation images."))
        : Html.Card("Reconstructions", Html.Figure(style => ImageReporting.Reconstructions(evaluation, style), "Validation images above their reconstructions",
            $"Validation images, and below them what the generator makes of their codes ({ImageReporting.NameOf(evaluation, CodeKind.AsTrained)}). The numbers are squared errors, means over the pixels.", "scroll"));

    private static string TraversalsCard(ImageEvaluation evaluation) => evaluation.Traversals.Count == 0
        ? Html.Card("Latent traversals", Html.Paragraph($"{Numbers.Missing} no feature is active."))
        : Html.Card("Latent traversals", Html.Figure(style => ImageReporting.Traversals(evaluation, style), $"The {evaluation.Traversals.Count} most active features, each swept over its range",
            "A row for each of the most active features: in the code on which it is strongest it runs from minus to plus its largest magnitude, while the others stay. Below each image is its value.", "scroll"));

    private static string Error(double value) => Numbers.Text(value, ErrorDecimals);
}
